"""The kinds of messages a person may tell apart and choose channels for. They name no room."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """What a message wants of its reader."""

    NEW = "new", _("新交办")
    PARTNER = "partner", _("配合")
    ASKED = "asked", _("待处理")
    ANSWERED = "answered", _("答复")
    CHANGED = "changed", _("变动")
    LIGHT = "light", _("亮灯")
    CHASED = "chased", _("督办")
    HOUSE = "house", _("系统")
