"""The lighting rule is published as versions."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("light.rule_published", stream="light_rule", sentence=_("发布亮灯规则第 {number} 版：{note}"))
class RulePublished(Event):
    """A new version of the lighting rule, whole."""

    number: int
    rule: dict[str, Any]
    note: str
