"""The three levels in the office's words (§5.2). The highest is work secrets; state secrets never come in."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanban.base.access.actor import INTERNAL, PUBLIC, SECRET

LEVEL_WORDS: Final[dict[int, str | Promise]] = {
    PUBLIC: _("公开"),
    INTERNAL: _("内部"),
    SECRET: _("工作秘密"),
}


def band(level: int) -> str | Promise:
    """What stands across the head of a page that shows something of this level; nothing below secret."""
    return LEVEL_WORDS[level] if level >= SECRET else ""
