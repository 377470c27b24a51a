"""People whom a task may be given to."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from sanban.base.access.actor import Actor
from sanban.base.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class Officer:
    """An active person who may answer for a task: `above` are the own unit and all units it belongs to."""

    id: int
    name: str
    place: str
    above: frozenset[int]

    @property
    def label(self) -> str:
        """The name with unit and post, to tell namesakes apart."""
        return f"{self.name}（{self.place}）"


def people_by_name(*, actor: Actor, names: Iterable[str]) -> dict[str, list[Officer]]:
    """Active people of these names. One query for every 500 names."""
    wanted, found = sorted(set(names)), dict[str, list[Officer]]()
    for start in range(0, len(wanted), 500):
        rows = Person.objects.filter(name__in=wanted[start : start + 500], is_active=True)
        for one in _officers(rows):
            found.setdefault(one.name, []).append(one)
    return found


def officers(*, actor: Actor, unit_id: int) -> list[Officer]:
    """The active people of a unit and of everything below it, whom its tasks may be given to (定责任人)."""
    path = Unit.objects.filter(pk=unit_id).values_list("path", flat=True).first()
    return _officers(Person.objects.filter(unit__path__startswith=path, is_active=True)) if path else []


def _officers(rows: QuerySet[Person]) -> list[Officer]:
    found = rows.order_by("unit__path", "name", "pk").values_list(
        "pk", "name", "post", "unit__short", "unit__path"
    )
    return [
        Officer(
            pk, name, " ".join(filter(None, (unit, post))), frozenset(map(int, path.rstrip(".").split(".")))
        )
        for pk, name, post, unit, path in found
    ]
