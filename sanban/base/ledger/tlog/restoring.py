"""After a restore: is what came back the log that witnesses sealed, and under which name does it go on?"""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.events import HouseRestored
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, ActorLike, append
from sanban.base.ledger.models import LedgerCheckpoint
from sanban.base.ledger.tlog import notes, signing
from sanban.base.ledger.tlog.trust import Trust


def hold_against(log: str, note: str, policy: Trust) -> None:
    """The log that came back has this sealed head, and enough witnesses did sign it. Refused when not."""
    try:
        text, signed = notes.verified_by(note, [*signing.known_keys(), *policy.keys])
    except notes.BadNote as fault:
        raise Refused(_("备份中的封存树头签名不成立：%(why)s") % {"why": str(fault)}) from fault
    if not policy.sealed_by(one.key for one in signed):
        raise Refused(_("备份中的树头没有足够的见证签名。"))
    point = notes.read_checkpoint(text)
    kept = LedgerCheckpoint.objects.filter(log=log, suite="sha256", size=point.size).first()
    if kept is None or bytes(kept.root) != point.root:
        raise Refused(_("恢复出的日志与备份中的封存树头不符。"))


def next_name(before: str) -> str:
    """The name after this one: …/sanban, …/sanban/r2, …/sanban/r3."""
    house, _slash, last = before.rpartition("/")
    if last[:1] == "r" and last[1:].isdecimal():
        return f"{house}/r{int(last[1:]) + 1}"
    return f"{before}/r2"


@act
def restart(actor: ActorLike, *, made_at: str, heads: dict[str, Any], before: str) -> str:
    """Go on under a new name, whose first event quotes the last sealed heads of the old one. The new name."""
    name = next_name(before)
    quoted = {log: note.rpartition("\n\n")[0] if note else "" for log, note in heads.items()}
    event = HouseRestored(backup_of=made_at, before=before, name=name, heads=quoted)
    append(actor, event, stream_id=new_id(), version=0, level=PUBLIC)
    (settings.SANBAN_VAR / "origin").write_text(name)
    settings.SANBAN_ORIGIN = name
    return name
