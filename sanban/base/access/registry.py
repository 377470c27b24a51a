"""The rules of all rooms by name, so that a page can show them and the tests can try each on generated data.

One of the base registries, closed at start-up: a room's `rules` module names its rules when it is loaded.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet

from sanban.base.access.explain import leaves
from sanban.base.access.policy import Node, SharedWith, Words

SEE = "see"
"""The rule of each subject that says who may see it."""
LABEL = "label"
"""The rule, of a kind that has a level of its own, that says who may label it."""


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


@dataclass(frozen=True, slots=True)
class Part:
    """A table whose rows belong to an object and are seen by whom the object is seen: by which column, of
    which stream that object is, and the stream of the rows where they have one."""

    model: type[Model]
    key: str
    whole: str
    stream: str = ""


@dataclass(frozen=True, slots=True)
class Mirror:
    """A table whose rows repeat something of objects of many kinds: the columns of the kind and of the object's id,
    and the stream of the rows where they have one."""

    model: type[Model]
    kind: str
    key: str
    stream: str = ""


_subjects: dict[str, Subject] = {}
_parts: dict[type[Model], Part] = {}
_mirrors: dict[type[Model], Mirror] = {}
_owned: dict[type[Model], Node] = {}
_rules: dict[str, Rule] = {}
_preparations: dict[str, Callable[[int, int], None]] = {}


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


def register_part(model: type[Model], key: str, *, of: str, stream: str = "") -> None:
    """Name a table whose rows belong to an object of the stream `of`."""
    _parts[model] = Part(model, key, of, stream)


def register_mirror(model: type[Model], *, kind: str, key: str, stream: str = "") -> None:
    """Name a table that repeats something of objects of many kinds."""
    _mirrors[model] = Mirror(model, kind, key, stream)


def register_owned(model: type[Model], node: Node) -> None:
    """Name a table whose secret rows have a rule of their own and no page: messages, for who they are for."""
    _owned[model] = node


def register_preparation(stream: str, prepare: Callable[[int, int], None]) -> None:
    """What must be done outside the tables before an object, by id, has a higher level."""
    _preparations[stream] = prepare


def prepare_for(stream: str, object_id: int, level: int) -> None:
    """Do it."""
    if stream in _preparations:
        _preparations[stream](object_id, level)


def parts() -> list[Part]:
    """All tables of parts."""
    return list(_parts.values())


def mirrors() -> list[Mirror]:
    """All tables that repeat."""
    return list(_mirrors.values())


def owned() -> list[tuple[type[Model], Node]]:
    """All tables with a rule of their own."""
    return list(_owned.items())


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
