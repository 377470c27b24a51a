"""Who may read and renew a file, what may leave the system, and what must never come in."""

import re
import unicodedata
from pathlib import PurePath
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sanban.base.access.actor import Actor
from sanban.base.access.policy import (
    AllOf,
    AnyOf,
    Granted,
    HasRole,
    Level,
    MemberOf,
    NotDenied,
    OwnUnit,
    Purpose,
    Same,
    SharedWith,
    UpTo,
)
from sanban.base.access.registry import LABEL, SEE, register_part, register_rules
from sanban.base.access.sharing import LABELLERS, of_unit
from sanban.base.files.models import FileShare, FileVersion, StoredFile

HELD, CLEAN, INFECTED, RELEASED = "held", "clean", "infected", "released"
READABLE: Final = "read"
"""Value of a version's text_state when its text was read; else it is the refusal's `code/reason`."""

PUBLIC, INTERNAL, SECRET = 0, 1, 2
ACROSS: Final = HasRole(("dispatcher", "supervisor", "signer", "leader", "auditor", "security"))
UPLOADER: Final = Same("uploaded_by", "ref", _lazy("上传人"))
OF_UNIT: Final = OwnUnit("unit_id", _lazy("上传单位"))
HANDED_IN: Final = AnyOf((UPLOADER, OF_UNIT))
SHARED: Final = SharedWith(FileShare, "file_id", "shares")
NAMED: Final = AnyOf((MemberOf("file"), Granted("file")))
FILE_VISIBLE: Final = AllOf(
    (
        Level(),
        NotDenied("file"),
        AnyOf((UpTo(PUBLIC), UPLOADER, of_unit(OF_UNIT, SHARED), AllOf((UpTo(INTERNAL), ACROSS)), NAMED)),
    )
)
"""Nobody reads above his clearance. Public files are for everyone; internal ones for the unit that handed them in, the
units they are shared with and the offices that read across units; secret ones (工作秘密) for the person, who handles
them in the unit and in the named units, and the persons named, alone (§5.9)."""
TAKE: Final = AllOf((FILE_VISIBLE, AnyOf((UpTo(INTERNAL), Purpose("file")))))
"""The bytes of a secret file leave only for a purpose that was stated (§5.2)."""
NAME_LENGTH: Final = 200

_SECRET_MARK = re.compile(r"(?:绝\s*密|机\s*密|秘\s*密)\s*[★☆✯*＊]")
_MARK_AREA = 600

register_rules(
    "file", _lazy("文件"), StoredFile,
    {
        SEE: (_lazy("查看文件"), FILE_VISIBLE),
        LABEL: (_lazy("标注密级"), AllOf((LABELLERS, OF_UNIT, FILE_VISIBLE))),
        "take": (_lazy("下载文件"), TAKE),
        "renew": (_lazy("上传新版本、调整共享"), AllOf((FILE_VISIBLE, HANDED_IN))),
    },
    page="files:detail", key=("id", "file_id"),
)  # fmt: skip
register_part(FileVersion, "file_id", of="file")


def may_read(actor: Actor, file: StoredFile) -> bool:
    """Whether this file may be seen; the machine sees all."""
    return actor.system or FILE_VISIBLE.test(actor, file)


def may_take(actor: Actor, file: StoredFile) -> bool:
    """Whether the bytes of this file may leave now."""
    return actor.system or TAKE.test(actor, file)


def may_renew(actor: Actor, file: StoredFile) -> bool:
    """A new version comes from the person or the unit that handed the file in."""
    return actor.system or HANDED_IN.test(actor, file)


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
