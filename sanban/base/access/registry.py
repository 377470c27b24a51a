"""The rules of all rooms by name, so that a page can show them and the tests can try each on generated data.

One of the base registries, closed at start-up: a room's `rules` module names its rules when it is loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from sanban.base.access.explain import leaves
from sanban.base.access.policy import Node, SharedWith, Words

SEE = "see"
"""The rule of each subject that says who may see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One named rule: `task.see`, its words, the tree, and the kind of object it is about."""

    name: str
    words: Words
    node: Node
    subject: "Subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A kind of object that rules are about: its stream, its words, its table, and the page of one.

    `page` is the name of that page's address and `key` how the address names the object there: the field of the
    table and the name of the address's part.
    """

    stream: str
    label: Words
    model: type[Model]
    page: str = ""
    key: tuple[str, str] = ("id", "id")

    def rows(self) -> QuerySet[Any]:
        """All rows, each with the rows that its rules look at beside it."""
        relations = {
            leaf.relation
            for rule in rules_of(self.stream).values()
            for leaf in leaves(rule.node)
            if isinstance(leaf, SharedWith)
        }
        return self.model._default_manager.prefetch_related(*sorted(relations))


_subjects: dict[str, Subject] = {}
_rules: dict[str, Rule] = {}


def register_rules(
    stream: str, label: Words, model: type[Model], rules: Mapping[str, tuple[Words, Node]],
    *, page: str = "", key: tuple[str, str] = ("id", "id"),
) -> None:  # fmt: skip
    """Name the rules of one kind of object; among them `see`, who may see it."""
    if SEE not in rules:
        raise ValueError(f"the rules of {stream!r} must say who may see it")
    subject = Subject(stream=stream, label=label, model=model, page=page, key=key)
    _subjects[stream] = subject
    for verb, (words, node) in rules.items():
        _rules[f"{stream}.{verb}"] = Rule(name=f"{stream}.{verb}", words=words, node=node, subject=subject)


def subjects() -> list[Subject]:
    """All kinds of object that rules are about."""
    return list(_subjects.values())


def all_rules() -> list[Rule]:
    """All rules, those of one kind of object together."""
    return list(_rules.values())


def rules_of(stream: str) -> dict[str, Rule]:
    """The rules of one kind of object by their verb."""
    return {name.partition(".")[2]: rule for name, rule in _rules.items() if rule.subject.stream == stream}


def seeing(stream: str) -> Rule:
    """Who may see an object of this kind."""
    return _rules[f"{stream}.{SEE}"]
