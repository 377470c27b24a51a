"""Cedar's own engine as a second opinion: the same actors and objects, decided by the policy text of our rules."""

from collections.abc import Iterable, Iterator
from typing import Any

import cedarpy

from sanban.base.access.actor import LISTS, Actor
from sanban.base.access.cedar import policy_text
from sanban.base.access.explain import leaves
from sanban.base.access.policy import HasRole, SharedWith
from sanban.base.access.registry import Rule


def everything(rules: Iterable[Rule]) -> cedarpy.PolicySet:
    """All rules as one policy set, as they would stand in an engine."""
    texts = (policy_text(rule.name, str(rule.words), rule.node) for rule in rules)
    return cedarpy.PolicySet.from_str("\n\n".join(texts))


def allowed(
    policies: cedarpy.PolicySet, rules: Iterable[Rule], actor: Actor, things: dict[str, list[Any]]
) -> set[tuple[str, int]]:
    """Each rule by name with the id of every object on which Cedar allows it to the actor."""
    asked = [(rule, thing) for rule in rules for thing in things[rule.subject.stream]]
    requests = [
        {
            "principal": 'Person::"actor"',
            "action": f'Action::"{rule.name}"',
            "resource": f'{_kind(rule.subject.stream)}::"{thing.pk}"',
            "context": {},
        }
        for rule, thing in asked
    ]
    entities = [_person(actor), *_resources(rules, things)]
    answers = cedarpy.is_authorized_batch(requests, policies, entities)
    for answer in answers:
        assert answer.diagnostics.errors == [], answer.diagnostics.errors
    return {
        (rule.name, thing.pk) for (rule, thing), answer in zip(asked, answers, strict=True) if answer.allowed
    }


def _person(actor: Actor) -> dict[str, Any]:
    """The actor with what policies ask of a person; what he has not, he has not."""
    facts: dict[str, Any] = {
        "ref": actor.ref,
        "clearance": actor.clearance,
        "roles": sorted(actor.roles),
        "unit_ids": sorted(actor.unit_ids),
        "stands_for": sorted(actor.stands_for),
        **{name: [_place(*place) for place in sorted(getattr(actor, name))] for name in LISTS},
    }
    if actor.person_id is not None:
        facts["person_id"] = actor.person_id
    return {"uid": {"type": "Person", "id": "actor"}, "attrs": facts, "parents": []}


def _resources(rules: Iterable[Rule], things: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """The objects with the fields and the tied rows that any rule about them reads."""
    read: dict[str, set[Any]] = {}
    for rule in rules:
        read.setdefault(rule.subject.stream, set()).update(leaves(rule.node))
    for stream, found in things.items():
        for thing in found:
            facts: dict[str, Any] = {}
            for leaf in read[stream]:
                if isinstance(leaf, SharedWith):
                    tied = getattr(thing, leaf.relation).all()
                    facts[leaf.relation] = sorted(getattr(row, leaf.field) for row in tied)
                elif not isinstance(leaf, HasRole) and hasattr(leaf, "field"):
                    facts[leaf.field] = getattr(thing, leaf.field)
            held = {name: value for name, value in facts.items() if value is not None}
            yield {"uid": {"type": _kind(stream), "id": str(thing.pk)}, "attrs": held, "parents": []}


def _kind(stream: str) -> str:
    return stream.capitalize()


def _place(stream: str, object_id: int) -> dict[str, Any]:
    return {"__entity": {"type": _kind(stream), "id": str(object_id)}}
