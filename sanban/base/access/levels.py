"""The three levels in the office's words (§5.2). The highest is work secrets; state secrets never come in."""

from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access.actor import INTERNAL, PUBLIC, SECRET

LEVEL_WORDS: Final[dict[int, str | Promise]] = {
    PUBLIC: gettext_lazy("公开"),
    INTERNAL: gettext_lazy("内部"),
    SECRET: gettext_lazy("工作秘密"),
}


LEAVES: Final = Q(level__lt=SECRET)
"""What may leave the house in a sheet, a file or a feed: never a work secret (LEDGER.md, 5.9)."""


def kept_back(count: int) -> str:
    """Said in an export in the place of what stays back; nothing when all of it leaves."""
    return _("另有 %(n)d 件工作秘密不得导出，请在系统内查阅") % {"n": count} if count else ""


def band(level: int) -> str | Promise:
    """What stands across the head of a page that shows something of this level; nothing below secret."""
    return LEVEL_WORDS[level] if level >= SECRET else ""
