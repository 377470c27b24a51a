"""The expression tree itself: any composition decides on one unit as it selects units, and every refusal has words."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanban.base.access.actor import ROLES, SYSTEM, Actor
from sanban.base.access.policy import (
    EVERYTHING,
    NOTHING,
    AllOf,
    AnyOf,
    Granted,
    HasRole,
    Level,
    NotDenied,
    OwnUnit,
    Same,
    SharedWith,
    first_failure,
)
from sanban.base.people.models import Unit, UnitName

LEAVES = st.one_of(
    st.just(Level("order")),
    st.lists(st.sampled_from(sorted(ROLES)), min_size=1, max_size=3).map(lambda roles: HasRole(tuple(roles))),
    st.just(OwnUnit("parent_id")),
    st.just(Granted("unit")),
    st.just(NotDenied("unit")),
    st.just(Same("short", "name")),
    st.just(Same("merged_into_id", "unit_id")),
    st.just(
        SharedWith(
            units=lambda unit: [(name.since and 0) or int(name.name) for name in unit.names.all()],
            rows=lambda ids: UnitName.objects.filter(name__in=[str(pk) for pk in ids]).values("unit_id"),
        )
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda part: (
        st.lists(part, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts)))
        | st.lists(part, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts)))
    ),
    max_leaves=8,
)
PLACES = st.tuples(st.sampled_from(["unit", "task"]), st.integers(1, 12))
ACTORS = st.builds(
    Actor,
    ref=st.just("a"),
    name=st.sampled_from(["甲", "乙"]),
    unit_id=st.sampled_from([None, 1, 2, 9]),
    unit_ids=st.frozensets(st.sampled_from([1, 2, 3]), max_size=3),
    roles=st.frozensets(st.sampled_from(sorted(ROLES)), max_size=3),
    clearance=st.integers(0, 2),
    grants=st.frozensets(PLACES, max_size=3),
    denials=st.frozensets(PLACES, max_size=3),
    system=st.booleans(),
)


@pytest.fixture
def units(db: None) -> None:
    """Twelve units that differ in everything the leaves look at; three roots among them."""
    made = [
        Unit(
            id=n,
            code=str(n),
            name=str(n),
            short="甲乙"[n % 2],
            kind="office",
            path=f"{n}.",
            order=n % 3,
            parent_id=None if n < 4 else (n % 3) + 1,
            merged_into_id=(n % 2) + 1 if n % 4 == 0 else None,
        )
        for n in range(1, 13)
    ]
    Unit.objects.bulk_create(made)
    UnitName.objects.bulk_create(
        UnitName(unit_id=n, name=str(m)) for n in range(1, 13) for m in (1, 3) if n % m == 0 and n > 4
    )


@given(tree=TREES, actor=ACTORS)
def test_deciding_on_each_gives_what_selecting_gives(units, tree, actor):
    decided = {u.pk for u in Unit.objects.prefetch_related("names") if tree.test(actor, u)}
    assert set(Unit.objects.filter(tree.q(actor)).values_list("pk", flat=True)) == decided


@given(tree=TREES, actor=ACTORS)
def test_a_refusal_has_words_and_a_permission_has_none(units, tree, actor):
    for unit in Unit.objects.prefetch_related("names"):
        assert bool(first_failure(tree, actor, unit)) is not tree.test(actor, unit)


def test_the_first_part_that_fails_explains():
    thing = SimpleNamespace(level=2, unit_id=5)
    rule = AllOf((Level(), OwnUnit("unit_id")))
    reader = Actor(ref="a", clearance=1, unit_ids=frozenset({5}))
    assert first_failure(rule, reader, thing) == "密级高于您的知悉范围。"
    cleared = Actor(ref="a", clearance=2, unit_ids=frozenset({6}))
    assert first_failure(rule, cleared, thing) == "该事项不属于您所在的单位。"
    assert first_failure(rule, Actor(ref="a", clearance=2, unit_ids=frozenset({5})), thing) == ""


def test_the_system_holds_every_role_and_a_stranger_none():
    assert SYSTEM.has("admin") and HasRole(("officer",)).q(SYSTEM) == EVERYTHING
    assert not Actor(ref="a").has(*ROLES) and HasRole(tuple(ROLES)).q(Actor(ref="a")) == NOTHING


def test_nobody_without_a_person_owns_anything():
    ownerless = SimpleNamespace(owner_id=None)
    assert Same("owner_id", "person_id").test(Actor(ref="a"), ownerless) is False
