"""Every access rule of every room decides on one row as its database form selects rows (§5.2).

The rules are found by walking the rooms: one without rows to be tried on fails the test.
"""

from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from itertools import cycle, product
from typing import Any

import pytest
from django.apps import apps
from django.utils.module_loading import module_has_submodule
from hypothesis import given
from hypothesis import strategies as st

from sanban.base.access.actor import ROLES, Actor
from sanban.base.access.explain import explain
from sanban.base.access.policy import Node
from sanban.base.access.registry import all_rules, owned, subjects
from sanban.base.files.models import FileShare, StoredFile
from sanban.base.people.models import Person, Unit
from sanban.decide.dispute.models import Dispute
from sanban.decide.policy.models import Policy
from sanban.execute.task.models import TaskItem, TaskPartner
from sanban.supervise.chase.models import Slip
from tests import cedar_oracle

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
TABLES: dict[str, type[Any]] = {
    "file": StoredFile,
    "policy": Policy,
    "task": TaskItem,
    "slip": Slip,
    "dispute": Dispute,
}
STREAM_OF = {subject.model._meta.app_label: subject.stream for subject in subjects()}
UNITS = (1, 2, 3)
PLACES = st.tuples(st.sampled_from(["task", "policy", "slip", "dispute", "file"]), st.integers(1, 12))
ACTORS = st.builds(
    Actor,
    ref=st.sampled_from(["a", "b"]),
    person_id=st.sampled_from([None, 11, 12]),
    unit_id=st.sampled_from([None, *UNITS]),
    unit_ids=st.frozensets(st.sampled_from(UNITS), max_size=3),
    roles=st.frozensets(st.sampled_from(sorted(ROLES)), max_size=3),
    clearance=st.integers(0, 2),
    stands_for=st.frozensets(st.sampled_from([11, 12]), max_size=1),
    grants=st.frozensets(PLACES, max_size=4),
    denials=st.frozensets(PLACES, max_size=4),
    members=st.frozensets(PLACES, max_size=4),
    purposes=st.frozensets(PLACES, max_size=4),
)


def _is_rule(thing: Any) -> bool:
    return not isinstance(thing, type) and all(hasattr(thing, part) for part in ("test", "q", "cedar"))


@cache
def _found() -> list[tuple[str, Node]]:
    """Every rule of every room's rules module, alone or within a table of verbs."""
    found: list[tuple[str, Node]] = []
    for app in apps.get_app_configs():
        if not app.name.startswith("sanban.") or not module_has_submodule(app.module, "rules"):
            continue
        for name, value in vars(import_module(f"{app.name}.rules")).items():
            rows = value.items() if isinstance(value, dict) else [("", value)]
            for key, part in rows:
                rule: Any = getattr(part, "who", part)
                if _is_rule(rule):
                    found.append((f"{app.label}.{name}{key and '.' + key}", rule))
    return found


POLICIES = cedar_oracle.everything(all_rules())


@pytest.fixture
def rows(db: None) -> None:
    """Policies, tasks, slips and files that differ in level, units, owner and partners."""
    Unit.objects.bulk_create(
        Unit(id=n, code=str(n), name=str(n), short=str(n), kind="office", path=f"{n}.") for n in UNITS
    )
    Person.objects.bulk_create(
        Person(id=n, ref=str(n), login=str(n), name=str(n), unit_id=1, password="!") for n in (11, 12)
    )
    Policy.objects.bulk_create(
        Policy(id=n, title="x", text="x", level=level, unit_id=unit, registered_by="a", registered_at=AT)
        for n, (level, unit) in enumerate(product(range(3), UNITS), 1)
    )
    _tasks()
    _disputes()
    _files()


def _tasks() -> None:
    places = list(product(range(3), UNITS, UNITS, (None, 11, 12)))
    TaskItem.objects.bulk_create(
        TaskItem(
            id=n, number=str(n), title="x", level=level, lead_id=lead, assigner_unit_id=assigner, owner_id=owner,
            assigner_ref="a", assigned_at=AT, start_at=AT, due_at=AT,
        )
        for n, (level, lead, assigner, owner) in enumerate(places, 1)
    )  # fmt: skip
    TaskPartner.objects.bulk_create(
        TaskPartner(task_id=n, unit_id=unit) for n, unit in zip(range(1, 80, 2), cycle(UNITS), strict=False)
    )
    Slip.objects.bulk_create(
        Slip(
            id=n, task_id=n, rung="urge", arming=1, occurrence=1, state="issued", level=level, task_title="x",
            task_number="x", unit_id=lead, ladder=1, opened_by="abc"[n % 3], due_instant=AT, noticed_at=AT,
        )
        for n, (level, lead, *_rest) in enumerate(places, 1)
    )  # fmt: skip


def _disputes() -> None:
    Dispute.objects.bulk_create(
        Dispute(
            id=n, number=str(n), stream="task", object_id=n, object_title="x", object_url="/", level=level,
            claimant_id=claimant, respondent_id=respondent, question="x", claim="x", asks="x", ground="x",
            opened_by="a", opened_at=AT, terms_since=AT.date(), answer_due_at=AT, ruling_due_at=AT, state="opened",
        )
        for n, (level, claimant, respondent) in enumerate(product(range(3), UNITS, UNITS), 1)
    )  # fmt: skip


def _files() -> None:
    places = list(product(range(3), (None, *UNITS), ("a", "b", "c")))
    StoredFile.objects.bulk_create(
        StoredFile(id=n, name="x", level=level, unit_id=unit, uploaded_by=by, uploaded_at=AT)
        for n, (level, unit, by) in enumerate(places, 1)
    )
    FileShare.objects.bulk_create(FileShare(file_id=n, unit_id=UNITS[n % 3]) for n in range(1, 37, 4))


@pytest.fixture
def things(rows: None) -> dict[str, list[Any]]:
    """All rows by stream, with the tied rows that rules look at."""
    return {subject.stream: list(subject.rows()) for subject in subjects()}


def test_the_rules_of_the_rooms_are_registered_under_their_names():
    assert {"policy.settle", "task.see", "task.verify", "slip.sign", "file.see"} <= {
        r.name for r in all_rules()
    }
    assert {subject.stream: subject.model for subject in subjects()} == TABLES
    rooms = {subject.model._meta.app_label for subject in subjects()}
    rooms |= {model._meta.app_label for model, _node in owned()}
    assert {name.partition(".")[0] for name, _ in _found()} == rooms


def _of_subjects() -> list[tuple[str, Node, str]]:
    """The parts that rooms name for themselves, each with the stream of their room's objects."""
    labelled = [(name, rule, STREAM_OF.get(name.partition(".")[0])) for name, rule in _found()]
    return [(name, rule, stream) for name, rule, stream in labelled if stream]


@given(actor=ACTORS)
def test_every_rule_decides_as_it_selects_and_refuses_with_words(rows, things, actor):
    named = [(rule.name, rule.node, rule.subject.stream) for rule in all_rules()]
    for name, rule, stream in named + _of_subjects():
        decided = {thing.pk for thing in things[stream] if rule.test(actor, thing)}
        selected = set(TABLES[stream].objects.filter(rule.q(actor)).values_list("pk", flat=True))
        assert selected == decided, name
        refused = [thing for thing in things[stream] if thing.pk not in decided]
        for thing in refused[:3]:
            reason = explain(rule, actor, thing)
            assert reason and reason.leaf.why() and reason.leaf.whom(), name
        assert not any(explain(rule, actor, thing) for thing in things[stream] if thing.pk in decided)


@given(actor=ACTORS)
def test_cedar_decides_every_rule_as_we_do(rows, things, actor):
    sample = {stream: found[::3] for stream, found in things.items()}
    ours = {
        (rule.name, thing.pk)
        for rule in all_rules()
        for thing in sample[rule.subject.stream]
        if rule.node.test(actor, thing)
    }
    assert cedar_oracle.allowed(POLICIES, all_rules(), actor, sample) == ours


def test_a_denial_wins_over_everything_that_allows_in_all_forms(rows, things):
    mighty = Actor(
        ref="a", person_id=11, unit_ids=frozenset(UNITS), roles=frozenset(ROLES), clearance=2,
        grants=frozenset((stream, thing.pk) for stream, found in things.items() for thing in found),
        denials=frozenset((stream, thing.pk) for stream, found in things.items() for thing in found),
    )  # fmt: skip
    for rule in all_rules():
        assert not any(rule.node.test(mighty, thing) for thing in things[rule.subject.stream]), rule.name
        assert not rule.subject.rows().filter(rule.node.q(mighty)).exists(), rule.name
    assert cedar_oracle.allowed(POLICIES, all_rules(), mighty, things) == set()
