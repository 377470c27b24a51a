"""A small office for the tests: units of the invented province, a dispatcher, a liaison and an officer."""

from dataclasses import dataclass

from sanban.base.access.actor import SYSTEM
from sanban.base.people.actions import create_people, create_units
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.models import Person

UNITS = (
    "省政府综合办", "省数据局", "省财政厅", "省发展改革委", "省公安厅", "省司法厅", "省政务服务局",
    "省市场监管局", "省税务局",
)  # fmt: skip


@dataclass(frozen=True)
class Office:
    """Ids of units by name, and the people who sign in."""

    units: dict[str, int]
    dispatcher: Person
    liaison: Person
    officer: Person
    researcher: Person


def make_office() -> Office:
    """Units and people through the acts of the people room."""
    drafts = [
        UnitDraft(code=f"u{n}", name=name, short=name.removeprefix("省"), kind="department", order=n)
        for n, name in enumerate(UNITS)
    ]
    units = dict(zip(UNITS, create_units(SYSTEM, units=drafts), strict=True))
    people = [
        PersonDraft(login="dispatcher", name="王敏", unit_id=units["省政府综合办"], roles=("dispatcher",)),
        PersonDraft(login="liaison", name="李强", unit_id=units["省数据局"], roles=("liaison",)),
        PersonDraft(login="officer", name="周明", unit_id=units["省公安厅"], roles=("officer",)),
        PersonDraft(login="researcher", name="许岚", unit_id=units["省政府综合办"], roles=("researcher",)),
    ]
    ids = create_people(SYSTEM, people=people)
    found = [Person.objects.get(pk=key) for key in ids]
    return Office(units, *found)
