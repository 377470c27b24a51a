"""The ledger's own events: an act that was refused."""

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("access.act_refused", stream="access", sentence=_("尝试“{act}”被拒绝：{reason}"))
class ActRefused(Event):
    """Somebody tried an act and was refused; nothing else of it remains (§5.2 越权拦截)."""

    act: str
    code: str
    reason: str
