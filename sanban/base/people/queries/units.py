"""Units: names, tree, classes, candidates for a piece of text."""

from collections.abc import Iterable

from django.core.cache import cache
from django.db import connection
from django.db.models import Count

from sanban.base.access.actor import Actor
from sanban.base.ledger.prepared import Prepared
from sanban.base.people.models import Person, Unit, UnitClass, UnitName


def unit_names(*, actor: Actor, ids: Iterable[int] | None = None) -> dict[int, str]:
    """Short names of units by id; kept for a minute because every page asks."""
    names: dict[int, str] | None = cache.get("people.unit_names")
    if names is None:
        names = dict(Unit.objects.values_list("pk", "short"))
        cache.set("people.unit_names", names, 60)
    if ids is None:
        return names
    wanted = set(ids)
    return {key: name for key, name in names.items() if key in wanted}


def paths_by_code(*, actor: Actor) -> dict[str, tuple[int | None, str]]:
    """(id, path) of every unit by its code."""
    return {code: (pk, path) for code, pk, path in Unit.objects.values_list("code", "pk", "path")}


def unit_ids_by_code(*, actor: Actor) -> dict[str, int]:
    """Unit ids by code."""
    return dict(Unit.objects.values_list("code", "pk"))


def register(*, actor: Actor) -> list[tuple[int, str, tuple[str, ...]]]:
    """Every active unit for the reader: (id, full name, other names). Two queries.

    The names of a merged unit lead to the unit it went into.
    """
    rows = list(
        Unit.objects.order_by("order", "pk").values_list("pk", "name", "short", "active", "merged_into_id")
    )
    into = {pk: merged for pk, _name, _short, _active, merged in rows if merged is not None}

    def heir(unit_id: int) -> int:
        while unit_id in into:
            unit_id = into[unit_id]
        return unit_id

    names: dict[int, list[str]] = {}
    for unit_id, name in UnitName.objects.order_by("pk").values_list("unit_id", "name"):
        names.setdefault(heir(unit_id), []).append(name)
    for pk, name, short, _active, _merged in rows:
        if pk in into:
            names.setdefault(heir(pk), []).extend((name, short))
    return [(pk, name, (short, *names.get(pk, ()))) for pk, name, short, active, _merged in rows if active]


def classes(*, actor: Actor) -> dict[str, list[int]]:
    """Member unit ids of every class of units, by each of its names."""
    found: dict[str, list[int]] = {}
    for group in UnitClass.objects.all():
        for name in (group.name, *group.aliases):
            found[name] = list(group.members)
    return found


_HEADS = Prepared(
    lambda slot: (
        Person.objects.filter(is_active=True).order_by().values_list("unit_id").annotate(n=Count("pk"))
    )
)
_ACTIVE_UNITS = Prepared(lambda slot: Unit.objects.filter(active=True).order_by("order", "pk"))


def unit_tree(*, actor: Actor) -> list[tuple[Unit, int, int]]:
    """Every active unit in the order of the tree: (unit, depth from 0, people of its own). Two queries."""
    counts = dict(_HEADS())
    units = _ACTIVE_UNITS()
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit)
    made: list[tuple[Unit, int, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        made.append((unit, depth, counts.get(unit.pk, 0)))
        waiting += [(child, depth + 1) for child in reversed(below.get(unit.pk, []))]
    return made


def unit_choices(*, actor: Actor) -> list[tuple[int, str]]:
    """(id, name with its depth) for a form's choice of a unit."""
    return [(unit.pk, "　" * depth + unit.name) for unit, depth, _count in unit_tree(actor=actor)]


def unit_of(*, actor: Actor, unit_id: int) -> Unit | None:
    """One unit with its parent and the unit it was merged into."""
    return Unit.objects.select_related("parent", "merged_into").filter(pk=unit_id).first()


def other_names(*, actor: Actor, unit_id: int) -> list[UnitName]:
    """Aliases and former names of a unit."""
    return list(UnitName.objects.filter(unit_id=unit_id).order_by("former", "pk"))


def unit_candidates(*, actor: Actor, text: str, limit: int = 8) -> list[tuple[int, str, str]]:
    """Units that a piece of text may mean: (id, full name, the name that matched), exact names first.

    Names, short names, aliases and former names are looked at, and the names of classes, whose members all count.
    A merged unit leads to the unit it went into.
    """
    words = text.strip()
    if not words:
        return []
    full = {unit.pk: unit for unit in Unit.objects.all()}
    hits: list[tuple[int, str]] = [
        (unit.pk, name) for unit in full.values() for name in {unit.name, unit.short} if words in name
    ]
    hits += UnitName.objects.filter(name__contains=words).values_list("unit_id", "name")
    hits += [
        (member, name)
        for name, members in classes(actor=actor).items()
        if words in name
        for member in members
    ]
    found: dict[int, tuple[int, str, str]] = {}
    for unit_id, name in sorted(hits, key=lambda hit: (hit[1] != words, len(hit[1]), hit[0])):
        unit = full[unit_id]
        while unit.merged_into_id is not None:
            unit = full[unit.merged_into_id]
        found.setdefault(unit.pk, (unit.pk, unit.name, name))
    return list(found.values())[:limit]


def active_units(*, actor: Actor) -> dict[int, str]:
    """Short names of all active units by id."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, short FROM people_unit WHERE active")
        return dict(cursor.fetchall())
