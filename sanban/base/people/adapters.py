"""How accounts behave in an office: nobody signs himself up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the administrator; single sign-on meets people who are registered."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are registered by the system administrator."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The cockpit."""
        return "/"
