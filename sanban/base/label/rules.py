"""Who labels, who is the second at a lowering, how long a label holds, and what the flags ask for."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, PUBLIC, SECRET, Actor
from sanban.base.access.explain import leaves
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.access.policy import OwnUnit
from sanban.base.access.registry import LABEL, SEE, Rule, register_mirror, rules_of, subjects
from sanban.base.label.models import Label
from sanban.base.ledger.errors import Denied, Refused

PERSONAL, SENSITIVE, IMPORTANT, CORE = "personal", "sensitive_personal", "important", "core"
FLAGS: Final[dict[str, tuple[str | Promise, int]]] = {
    PERSONAL: (gettext_lazy("个人信息"), INTERNAL),
    SENSITIVE: (gettext_lazy("敏感个人信息"), SECRET),
    IMPORTANT: (gettext_lazy("重要数据"), SECRET),
    CORE: (gettext_lazy("核心数据"), SECRET),
}
"""What else may be in an object, in words, and the lowest level that it asks for (就高从严, GB/T 43697)."""
LONGEST: Final = {PUBLIC: timedelta(days=1827), INTERNAL: timedelta(days=1096), SECRET: timedelta(days=366)}
"""How long a label of each level holds at most, before it is looked at again."""
KINDS: Final = ("task", "policy", "file")
"""What has a level of its own; parts have that of their whole."""
SECONDS: Final = ("leader", "signer")
ADMINISTRATORS: Final = frozenset({"admin", "security", "auditor"})


register_mirror(Label, kind="stream", key="object_id", stream="label")


def labelled() -> dict[str, Rule]:
    """The rule of who labels, by kind of object, for the kinds that have one."""
    found = {subject.stream: rules_of(subject.stream).get(LABEL) for subject in subjects()}
    return {stream: rule for stream, rule in found.items() if rule is not None}


def seeing(stream: str) -> Rule:
    """Who sees an object of a kind that is labelled."""
    if stream not in labelled():
        raise Denied(_("没有这个对象，或您无权查看。"))
    return rules_of(stream)[SEE]


def owner_field(stream: str) -> str:
    """The column of the unit that answers for the level: the first that the rule asks for."""
    return next(leaf.field for leaf in leaves(labelled()[stream].node) if isinstance(leaf, OwnUnit))


def may_label(actor: Actor, stream: str, thing: Any) -> bool:
    """The leader, the liaison and the dispatchers of the unit that made it."""
    return not actor.system and labelled()[stream].node.test(actor, thing)


def may_second(actor: Actor, stream: str, thing: Any, asked_by: str) -> bool:
    """A leader or a signer who sees it and is neither who asked, nor stands in for him."""
    other = actor.ref != asked_by and actor.on_behalf_of != asked_by
    return (
        other
        and actor.has(*SECONDS)
        and not actor.has(*ADMINISTRATORS)
        and seeing(stream).node.test(actor, thing)
    )


def checked(
    level: int, reason: str, review_on: date, flags: Iterable[str], today: date
) -> tuple[str, list[str]]:
    """The reason and the flags of a label, when all of it fits together."""
    words, marked = reason.strip(), sorted(set(flags))
    if not 4 <= len(words) <= 300:
        raise Refused(_("请写明定密理由，4 到 300 字。"), field="reason")
    if level not in LEVEL_WORDS or not set(marked) <= set(FLAGS):
        raise Refused(_("请选择公开、内部或工作秘密。"), field="level")
    needs = [name for name in marked if FLAGS[name][1] > level]
    if needs:
        said = {"flag": FLAGS[needs[0]][0], "level": LEVEL_WORDS[FLAGS[needs[0]][1]]}
        raise Refused(_("含有%(flag)s的，密级不得低于“%(level)s”（就高从严）。") % said, field="level")
    last = today + LONGEST[level]
    if not today < review_on <= last:
        said = {"level": LEVEL_WORDS[level], "last": last.isoformat()}
        raise Refused(_("“%(level)s”的复核日期须在今天以后，最迟 %(last)s。") % said, field="review_on")
    return words, marked


def today() -> date:
    """The day it is in the office."""
    return clock.local(clock.now()).date()
