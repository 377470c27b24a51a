"""How accounts behave in an office: nobody signs himself up, and the door keeps a record."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from sanban.base.access.actor import ANYBODY
from sanban.base.people import actions
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by the administrator; single sign-on meets people who are registered."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are registered by the system administrator."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The cockpit."""
        return "/"

    def login(self, request: HttpRequest, user: Person) -> None:
        """Open the session, then record it."""
        super().login(request, user)
        actions.record_sign_in(actor_of(person=user), person=user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Record under which name it was tried; never what was typed as password."""
        actions.record_failure(ANYBODY, login=str(credentials.get("username", "")))

    def logout(self, request: HttpRequest) -> None:
        """Record, then close the session. The page of the front door does so on POST only."""
        user = request.user
        if user.is_authenticated and request.method == "POST":
            person = Person.objects.get(pk=user.pk)
            actions.record_sign_out(actor_of(person=person), person=person)
        super().logout(request)

    def set_password(self, user: Person, password: str) -> None:
        """A password its owner changes himself is recorded as a fact."""
        actions.record_password(actor_of(person=user), person=user, password=password)
