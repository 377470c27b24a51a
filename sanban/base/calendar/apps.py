"""Registers the calendar room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_nav


class CalendarConfig(AppConfig):
    """Working days, holidays and hours, as versions."""

    name = "sanban.base.calendar"
    label = "calendar"
    verbose_name = _("工作日历")

    def ready(self) -> None:
        """Load the projections and stand in the sidebar."""
        import_module("sanban.base.calendar.projections")
        register_nav("system", _("工作日历"), "calendar:year", "calendar-days", 60)
