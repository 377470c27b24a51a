"""Registers the people room."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from sanban.base.ui.registry import register_nav, register_place


class PeopleConfig(AppConfig):
    """Units, people, roles; loads the projections."""

    name = "sanban.base.people"
    label = "people"
    verbose_name = _("机构人员")

    def ready(self) -> None:
        """Fold this room's events; stand in the sidebar; say where account, login and logout are."""
        import_module("sanban.base.people.projections")
        register_nav("system", _("机构"), "people:units", "building-2", 40)
        register_nav("system", _("人员"), "people:people", "users", 50)
        register_place("account", "people:account")
        register_place("login", "account_login")
        register_place("logout", "account_logout")
