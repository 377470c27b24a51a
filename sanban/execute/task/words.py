"""The words of the office for small numbers: levels and urgency, on pages and in sheets."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

URGENCY_WORDS: Final[dict[int, str | Promise]] = {0: _("一般"), 1: _("紧急"), 2: _("特急")}

LEVEL_BY_WORD: Final = {"公开": 0, "内部": 1, "秘密": 2, "工作秘密": 2}
URGENCY_BY_WORD: Final = {"一般": 0, "平件": 0, "紧急": 1, "加急": 1, "特急": 2}
"""Sheets are written in Chinese whatever the language of the page."""
