"""The register of events, as the running product has it, keeps the laws of events."""

import inspect
from importlib import import_module

import pytest

from sanban.base.ledger.registry import EVENTS
from tests.laws.event_checkers import Declared, events
from tests.laws.exempt import exemptions, remaining
from tests.laws.source import python_sources

pytestmark = pytest.mark.law
GOOD = Declared("task.task_assigned", "sanban.execute.task.events", "交办“{title}”", {"title": "str"})


def _declared() -> list[Declared]:
    for source in python_sources():
        if source.role == "events":
            import_module(source.module)
    return [
        Declared(
            kind=kind,
            module=cls.__module__,
            sentence=str(cls.sentence),
            hints={
                name: str(hint)
                for base in reversed(cls.__mro__)
                for name, hint in inspect.get_annotations(base).items()
                if name in cls.names
            },
        )
        for kind, cls in sorted(EVENTS.items())
        if cls.__module__.startswith("sanban.") and ".tests." not in cls.__module__
    ]


def test_every_event_is_named_placed_and_sayable() -> None:
    assert _declared(), "no event is registered: the law saw nothing"
    assert remaining(events(_declared())) == []


def test_exemptions_for_events_are_still_needed() -> None:
    breaches = events(_declared())
    assert [r for r in exemptions() if r.law == "events" and not any(r.covers(b) for b in breaches)] == []


def test_a_good_event_passes() -> None:
    assert events([GOOD]) == []


@pytest.mark.parametrize(
    ("kind", "module", "sentence", "hint", "said"),
    [
        ("task.assign", GOOD.module, "x", "str", "task.assign is not named room.noun_verbed"),
        ("task.task_assign", GOOD.module, "x", "str", "task.task_assign is not named room.noun_verbed"),
        (
            "chase.task_assigned",
            GOOD.module,
            "x",
            "str",
            "chase.task_assigned does not begin with its room, task",
        ),
        (GOOD.kind, GOOD.module, " ", "str", "task.task_assigned has no sentence"),
        (GOOD.kind, GOOD.module, "{owner}", "str", "task.task_assigned says what it does not carry: owner"),
        (GOOD.kind, GOOD.module, "x", "float | None", "task.task_assigned carries floats: title"),
    ],
)
def test_an_event_out_of_form_is_named(kind: str, module: str, sentence: str, hint: str, said: str) -> None:
    assert [b.text for b in events([Declared(kind, module, sentence, {"title": hint})])] == [said]
