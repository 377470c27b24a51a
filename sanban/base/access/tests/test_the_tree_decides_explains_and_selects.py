"""The expression tree itself: any composition decides on one unit as it selects units, and every refusal has words."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanban.base.access.actor import ROLES, SYSTEM, Actor
from sanban.base.access.cedar import policy_text
from sanban.base.access.explain import explain, first_failure, tell
from sanban.base.access.policy import (
    EVERYTHING,
    NOTHING,
    AllOf,
    AnyOf,
    Granted,
    HasRole,
    Level,
    NotDenied,
    NotSame,
    OwnUnit,
    Same,
    SharedWith,
    StandsInFor,
    UpTo,
)
from sanban.base.people.models import Person, Unit

LEAVES = st.one_of(
    st.just(Level("order")),
    st.lists(st.sampled_from(sorted(ROLES)), min_size=1, max_size=3).map(lambda roles: HasRole(tuple(roles))),
    st.just(OwnUnit("parent_id")),
    st.just(Granted("unit")),
    st.just(NotDenied("unit")),
    st.just(Same("short", "name")),
    st.just(Same("merged_into_id", "unit_id")),
    st.just(SharedWith(Person, "unit_id", "people", field="id")),
    st.just(StandsInFor("parent_id")),
    st.just(NotSame("short", "name")),
    st.sampled_from([UpTo(0, "order"), UpTo(1, "order")]),
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
    stands_for=st.frozensets(st.integers(1, 3), max_size=2),
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
    Person.objects.bulk_create(
        Person(id=n, ref=str(n), login=str(n), name=str(n), unit_id=4 + n, password="!") for n in (1, 3)
    )


@given(tree=TREES, actor=ACTORS)
def test_deciding_on_each_gives_what_selecting_gives(units, tree, actor):
    decided = {u.pk for u in Unit.objects.prefetch_related("people") if tree.test(actor, u)}
    assert set(Unit.objects.filter(tree.q(actor)).values_list("pk", flat=True)) == decided


@given(tree=TREES, actor=ACTORS)
def test_a_refusal_has_words_and_a_permission_has_none(units, tree, actor):
    for unit in Unit.objects.prefetch_related("people"):
        assert bool(first_failure(tree, actor, unit)) is not tree.test(actor, unit)


def _refused(rule, thing, **told):
    reason = explain(rule, Actor(ref="a", **told), thing)
    return reason and (reason.leaf.why(), reason.leaf.whom())


THING = SimpleNamespace(pk=7, level=2, lead_id=5, owner_id=9)
LED = OwnUnit("lead_id", "牵头单位")
SEEN = AllOf(
    (
        Level(),
        NotDenied("task"),
        AnyOf((HasRole(("leader",)), LED, Same("owner_id", "person_id"), Granted("task"))),
    )
)


def test_the_part_that_failed_on_this_object_explains_and_says_whom_to_ask():
    assert _refused(SEEN, THING, clearance=2, unit_ids=frozenset({6})) == (
        "该事项不属于您所在的单位。", "可向牵头单位联络员申请查阅。",
    )  # fmt: skip
    assert _refused(SEEN, THING, clearance=1, unit_ids=frozenset({5})) == (
        "密级高于您的知悉范围。", "知悉范围由安全管理员核定，确有工作需要的，请经本单位负责人提出。",
    )  # fmt: skip
    assert _refused(SEEN, THING, clearance=2, unit_ids=frozenset({5})) is None


def test_where_several_parts_fail_the_one_that_no_help_with_another_mends_explains():
    assert _refused(SEEN, THING, clearance=1)[0] == "密级高于您的知悉范围。"
    kept_out = {"clearance": 2, "denials": frozenset({("task", 7)})}
    assert _refused(SEEN, THING, **kept_out, unit_ids=frozenset({5}))[0] == "已明确您不得查阅该事项。"
    assert _refused(SEEN, THING, **kept_out)[1] == "如有异议，请向安全管理员了解依据。"


def test_of_several_ways_in_the_nearest_explains():
    liaisons = AnyOf((HasRole(("dispatcher",)), AllOf((HasRole(("liaison",)), LED))))
    assert first_failure(liaisons, Actor(ref="a", roles=frozenset({"liaison"})), THING) == (
        "该事项不属于您所在的单位。可向牵头单位联络员申请查阅。"
    )
    of_the_unit = Actor(ref="a", unit_ids=frozenset({5}))
    assert first_failure(liaisons, of_the_unit, THING) == (
        "您的角色不含此项权限。可由具有以下角色的同事办理：交办员；角色由安全管理员授予。"
    )


def test_a_rule_reads_as_nested_lines_that_show_what_decided():
    told = tell(SEEN, Actor(ref="a", clearance=2, roles=frozenset({"leader"})), THING)
    assert list(_flat(told)) == [
        (0, "以下各条都须符合：", True, False),
        (1, "密级不高于本人的知悉范围", True, True),
        (1, "没有被明确禁止查阅这一件", True, True),
        (1, "以下符合一条即可：", True, False),
        (2, "具有角色：领导（其一即可）", True, True),
        (2, "牵头单位是本人所在的单位或其下级", False, False),
        (2, "本人是责任人", False, False),
        (2, "因案件或申请，获准在期限内查阅这一件", False, False),
    ]
    assert {holds for _depth, _words, holds, _decides in _flat(tell(SEEN))} == {None}


def _flat(line, depth=0):
    yield depth, line.words, line.holds, line.decides
    for part in line.parts:
        yield from _flat(part, depth + 1)


def test_a_rule_is_written_as_one_permit_and_a_forbid_for_its_denials():
    assert policy_text("task.see", "查看事项", AllOf((SEEN, LED))) == CEDAR


CEDAR = """// 查看事项
@id("task.see")
permit (
  principal,
  action == Action::"task.see",
  resource
)
when {
  (resource.level <= principal.clearance) &&
  (
    (principal.roles.containsAny(["leader"])) ||
    (resource has lead_id && principal.unit_ids.contains(resource.lead_id)) ||
    (resource has owner_id && principal has person_id && resource.owner_id == principal.person_id) ||
    (principal.grants.contains(resource))
  ) &&
  (resource has lead_id && principal.unit_ids.contains(resource.lead_id))
};

@id("task.see.denied")
forbid (
  principal,
  action == Action::"task.see",
  resource
)
when {
  principal.denials.contains(resource)
};"""


def test_the_system_holds_every_role_and_a_stranger_none():
    assert SYSTEM.has("admin") and HasRole(("officer",)).q(SYSTEM) == EVERYTHING
    assert not Actor(ref="a").has(*ROLES) and HasRole(tuple(ROLES)).q(Actor(ref="a")) == NOTHING


def test_nobody_without_a_person_owns_anything():
    ownerless = SimpleNamespace(owner_id=None)
    assert Same("owner_id", "person_id").test(Actor(ref="a"), ownerless) is False
