"""The rules for those who keep and audit them, and the answer to 为什么. Of an object only its number is told."""

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.access.cedar import policy_text
from sanban.base.access.explain import Line, Reason, explain, tell
from sanban.base.access.registry import Rule, Subject, all_rules, rules_of, seeing, subjects
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.people.queries import actor_of, person_by_login

MAY_LOOK: Final = ("security", "auditor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What holds for one person and one object: who may see it, and what else he may do with it."""

    person: str
    unit: str
    label: str
    number: str
    tree: Line
    reason: Reason | None
    acts: list[tuple[Rule, Reason | None]]


def book(*, actor: Actor) -> list[tuple[Subject, list[Rule]]]:
    """Every rule of every room, by the kind of object."""
    _require(actor)
    return [(subject, list(rules_of(subject.stream).values())) for subject in subjects()]


def get_rule(*, actor: Actor, name: str) -> tuple[Rule, Line, str]:
    """One rule with its words and its Cedar text."""
    _require(actor)
    rule = next((one for one in all_rules() if one.name == name), None)
    if rule is None:
        raise Refused(_("没有“%(name)s”这条权限规则，请从列表中选择。") % {"name": name})
    return rule, tell(rule.node), _cedar(rule)


def policy_set(*, actor: Actor) -> str:
    """All rules as one Cedar policy set."""
    _require(actor)
    return "\n\n".join(map(_cedar, all_rules())) + "\n"


def answer(*, actor: Actor, login: str, stream: str, place: str) -> Answer:
    """Whether the person may see the object now, what decides, and whom to ask. Refused when either is unknown."""
    _require(actor)
    person = person_by_login(actor=actor, login=login)
    if person is None:
        raise Refused(_("没有登录名为 %(login)s 的在职人员，请核对。") % {"login": login}, field="login")
    thing, subject = _object(stream, place.strip())
    rule, asker = seeing(subject.stream), actor_of(person=person)
    acts = [one for one in rules_of(subject.stream).values() if one is not rule]
    return Answer(
        person=person.name,
        unit=person.unit.short,
        label=str(subject.label),
        number=str(getattr(thing, subject.key[0])),
        tree=tell(rule.node, asker, thing),
        reason=explain(rule.node, asker, thing),
        acts=[(one, explain(one.node, asker, thing)) for one in acts],
    )


def _require(actor: Actor) -> None:
    if not actor.has(*MAY_LOOK):
        raise Denied(_("权限规则只供安全管理员和审计管理员查看。"))


def _cedar(rule: Rule) -> str:
    return policy_text(rule.name, str(rule.words), rule.node)


def _object(stream: str, place: str) -> tuple[Any, Subject]:
    """The object at an address of the site, or of this kind and number."""
    if "/" in place:
        subject, field, value = _at_address(place)
    else:
        known = {one.stream: one for one in subjects()}
        if stream not in known:
            raise Refused(_("请选择对象的种类，或粘贴它的网址。"), field="stream")
        subject = known[stream]
        field, value = subject.key[0], place
    if field == "id" and not (value.isascii() and value.isdecimal() and len(value) < 19):
        raise Refused(_("请填写对象的编号（数字），或粘贴它的网址。"), field="place")
    with standing_as(MACHINE):  # the answer tells of it no more than the number that was asked
        found = subject.rows().filter(**{field: value}).first()
    if found is None:
        said = {"kind": subject.label, "place": value}
        raise Refused(_("没有编号为 %(place)s 的%(kind)s，请核对。") % said, field="place")
    return found, subject


def _at_address(place: str) -> tuple[Subject, str, str]:
    """The kind, the field and the value that an address of the site names."""
    try:
        match = resolve(urlsplit(place).path)
    except (Resolver404, ValueError):
        match = None
    for subject in subjects():
        field, part = subject.key
        if match and match.namespace == subject.page.partition(":")[0] and part in match.kwargs:
            return subject, field, str(match.kwargs[part])
    raise Refused(_("这个网址不是任何对象的页面，请打开该对象后复制网址。"), field="place")
