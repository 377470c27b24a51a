"""The design system: templates, styles, icons. It holds no models and knows no business."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """Registers the templates, the static files and the tag library `ui`."""

    name = "sanban.base.ui"
    label = "ui"
    verbose_name = _("界面")
