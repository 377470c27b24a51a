"""Who may read and renew a file, what may leave the system, and what must never come in."""

import re
import unicodedata
from collections.abc import Collection
from pathlib import PurePath
from typing import Final

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor

HELD, CLEAN, INFECTED, RELEASED = "held", "clean", "infected", "released"
READABLE: Final = "read"
"""Value of a version's text_state when its text was read; else it is the refusal's `code/reason`."""

PUBLIC, INTERNAL, SECRET = 0, 1, 2
READ_ACROSS_UNITS: Final = frozenset({"dispatcher", "supervisor", "signer", "leader", "auditor", "security"})
NAME_LENGTH: Final = 200

_SECRET_MARK = re.compile(r"(?:绝\s*密|机\s*密|秘\s*密)\s*[★☆✯*＊]")
_MARK_AREA = 600


def may_read(
    actor: Actor, *, level: int, unit_id: int | None, uploaded_by: str, shared_units: Collection[int],
    file_id: int = 0,
) -> bool:  # fmt: skip
    """Nobody reads above his clearance. Public files are for everyone; internal ones for the unit that handed
    them in, the units they are shared with and the offices that read across units; secret ones (工作秘密) for
    the person, the unit and the named units alone (§5.9); and each for whom it was granted to."""
    if actor.system:
        return True
    if level > actor.clearance:
        return False
    if level == PUBLIC or uploaded_by == actor.ref or unit_id in actor.unit_ids:
        return True
    if ("file", file_id) in actor.grants:
        return True
    if actor.unit_ids.intersection(shared_units):
        return True
    return level == INTERNAL and bool(actor.roles & READ_ACROSS_UNITS)


def may_renew(actor: Actor, *, unit_id: int | None, uploaded_by: str) -> bool:
    """A new version comes from the person or the unit that handed the file in."""
    return actor.system or uploaded_by == actor.ref or unit_id in actor.unit_ids


def may_release(actor: Actor, *, uploaded_by: str) -> bool:
    """A held file is let out by a security officer, never by the one who handed it in."""
    return "security" in actor.roles and uploaded_by != actor.ref


def may_leave(scan_state: str) -> bool:
    """Only what the scanner called clean, or an officer released, may be downloaded."""
    return scan_state in (CLEAN, RELEASED)


def scan_sentence(scan_state: str, detail: str) -> str:
    """What the page says about the virus scan of a version."""
    sentences = {
        CLEAN: _("已查毒，未发现病毒。"),
        RELEASED: _("未经查毒，由安全管理员人工放行：%(detail)s"),
        INFECTED: _("查出病毒（%(detail)s），禁止下载。请在本机查杀后重新上传。"),
    }
    return sentences.get(scan_state, _("尚未查毒，暂不能下载")) % {"detail": detail}


def secret_mark(text: str) -> str:
    """The state-secret mark (密级★) at the head of a text, or nothing. State secrets have no place here."""
    found = _SECRET_MARK.search(text[:_MARK_AREA])
    return found.group() if found else ""


def safe_name(name: str) -> str:
    """A file's name without folders, control characters and overlength; the ending is kept."""
    bare = PurePath(name.replace("\\", "/")).name
    clean = "".join(c for c in bare if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip()
    if len(clean) > NAME_LENGTH:
        ending = PurePath(clean).suffix[:16]
        clean = clean[: NAME_LENGTH - len(ending)] + ending
    return clean or "file"
