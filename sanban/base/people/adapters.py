"""How accounts behave in an office: nobody signs himself up, and the door keeps a record."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sanban.base.access.actor import ANYBODY
from sanban.base.people import actions
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of, person_of_claims


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


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Single sign-on opens the door to people who are registered; it never registers anybody."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Tie a first sign-on to the person of that login name, else of that verified e-mail address."""
        if sociallogin.is_existing:
            return
        claims = _claims(sociallogin.account.extra_data)
        person = person_of_claims(
            actor=ANYBODY,
            login=str(claims.get("preferred_username") or ""),
            email=str(claims.get("email") or "") if claims.get("email_verified") is True else "",
        )
        if person is None:
            actions.record_failure(
                ANYBODY, login=str(claims.get("preferred_username") or claims.get("sub") or "")
            )
            messages.error(request, _("单一登录的帐号没有对应的在职人员，请联系系统管理员登记。"))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, person)


def _claims(data: dict[str, Any]) -> dict[str, Any]:
    """What the identity provider says: the page of the user, over the token."""
    return {**data, **(data.get("id_token") or {}), **(data.get("userinfo") or {})}
