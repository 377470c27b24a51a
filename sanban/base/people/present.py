"""The unit or person an act is about, as long as it is there: merged units and people who left are refused."""

from django.utils.translation import gettext as _

from sanban.base.ledger.errors import Refused
from sanban.base.people.models import Person, Unit


def active_unit(unit_id: int) -> Unit:
    """A unit that still stands."""
    unit = Unit.objects.filter(pk=unit_id, active=True).first()
    if unit is None:
        raise Refused(_("没有这个单位，或它已被合并。"), field="unit")
    return unit


def active_person(person_id: int) -> Person:
    """A person who is still in office."""
    person: Person | None = Person.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Refused(_("没有这个人员，或已离任。"), field="person")
    return person
