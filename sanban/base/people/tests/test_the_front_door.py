"""The front door: second factor, lock-out, idle sign-out, passkey and single sign-on; no default password."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.core.context import request_context
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.models import LedgerEvent
from sanban.base.people import actions
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import Person
from sanban.base.people.tests.office import WORD, open_office
from sanban.site import doctor

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
OIDC = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "office", "name": "省统一身份认证", "client_id": "sanban", "secret": "x",
                "settings": {"server_url": "https://id.example/"},
            }
        ]
    }
}  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()


def _come_in(client: Client, login: str = "officer", password: str = WORD) -> Any:
    return client.post("/account/login/", {"login": login, "password": password})


def _is_in(client: Client) -> bool:
    return client.get("/people/me/").status_code == 200


def test_the_second_factor_is_enrolled_and_asked_for():
    open_office()
    client = Client()
    _come_in(client)
    again = client.get("/account/2fa/totp/activate/")["Location"]
    assert again.startswith("/account/reauthenticate/")
    page = client.post(again, {"password": WORD}, follow=True)
    assert page.request["PATH_INFO"] == "/account/2fa/totp/activate/"
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode() and "data:" not in page.content.decode()
    answer = client.post("/account/2fa/totp/activate/", {"code": _code(secret)})
    assert answer.status_code == 302

    cache.clear()  # a used code is refused for its half minute
    second = Client()
    assert _come_in(second)["Location"].startswith("/account/2fa/authenticate/")
    assert not _is_in(second)
    opened = LedgerEvent.objects.filter(kind="people.session_opened").count()
    assert second.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert not _is_in(second)
    assert second.post("/account/2fa/authenticate/", {"code": _code(secret)}).status_code == 302
    assert _is_in(second)
    assert LedgerEvent.objects.filter(kind="people.session_opened").count() == opened + 1


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


@override_settings(ACCOUNT_RATE_LIMITS={"login_failed": "20/m/ip,5/5m/key"})
def test_after_five_failures_the_right_password_opens_nothing_for_five_minutes(monkeypatch):
    open_office()
    client = Client()
    for _ in range(5):
        _come_in(client, password="a-wrong-password")
    page = _come_in(client)
    assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    assert not _is_in(client)
    assert _come_in(Client(), login="liaison").status_code == 302
    later = clock.now().timestamp() + 301
    monkeypatch.setattr(time, "time", lambda: later)
    assert _come_in(client).status_code == 302
    assert LedgerEvent.objects.filter(kind="people.sign_in_failed").count() >= 5


def test_a_page_within_half_an_hour_renews_and_one_after_is_signed_out():
    open_office()
    client = Client()
    with clock.freeze(MONDAY):
        _come_in(client)
        assert _is_in(client)
    for minutes in (29, 58):
        with clock.freeze(MONDAY + timedelta(minutes=minutes)):
            assert _is_in(client)
    with clock.freeze(MONDAY + timedelta(minutes=58 + 31)):
        answer = client.get("/people/me/")
        assert (answer.status_code, answer["Location"]) == (302, "/account/login/?next=%2Fpeople%2Fme%2F")
    with clock.freeze(MONDAY + timedelta(minutes=58 + 32)):
        assert not _is_in(client)


def test_the_session_is_half_an_hour_long_and_reading_renews_it_at_most_once_a_minute(settings):
    assert settings.SESSION_COOKIE_AGE == 30 * 60
    open_office()
    client = Client()
    with clock.freeze(MONDAY):
        _come_in(client)
        assert "sessionid" in client.get("/people/me/").cookies
        assert "sessionid" not in client.get("/people/me/").cookies
    with clock.freeze(MONDAY + timedelta(seconds=61)):
        assert "sessionid" in client.get("/people/me/").cookies


def test_nobody_signs_himself_up():
    page = Client().post("/account/signup/", {"username": "me", "password1": WORD, "password2": WORD})
    assert Person.objects.count() == 0
    assert page.status_code in (200, 302, 403)


def test_the_login_page_offers_a_passkey_without_inline_script():
    page = Client().get("/account/login/").content.decode()
    assert "用通行密钥登录" in page and 'form="mfa_login"' in page
    scripts = [part.partition(">") for part in page.split("<script")[1:]]
    assert len(scripts) == 5
    for attributes, _, body in scripts:
        assert "src=" in attributes or 'type="application/json"' in attributes
        assert body.startswith("</script>") or 'type="application/json"' in attributes
    options = Client().get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    assert options.json()["request_options"]["publicKey"]["rpId"] == "testserver"


def test_single_sign_on_is_offered_when_it_is_configured_only():
    assert "/account/oidc/" not in Client().get("/account/login/").content.decode()
    with override_settings(SOCIALACCOUNT_PROVIDERS=OIDC):
        page = Client().get("/account/login/").content.decode()
    assert "用省统一身份认证登录" in page
    assert 'href="/account/oidc/office/login/?process=login"' in page


def _sign_on(claims: dict[str, Any]) -> Any:
    request = RequestFactory().get("/account/oidc/office/login/callback/")
    SessionMiddleware(lambda _request: HttpResponse()).process_request(request)
    MessageMiddleware(lambda _request: HttpResponse()).process_request(request)
    request.user = _nobody()
    with override_settings(SOCIALACCOUNT_PROVIDERS=OIDC), request_context(request):
        provider = get_adapter(request).get_provider(request, "office")
        login = provider.sociallogin_from_response(request, {"userinfo": claims})
        login.state = {"process": "login"}
        answer = complete_social_login(request, login)
    answer.signed_in = request.session.get("_auth_user_id")
    return answer


def _nobody() -> Any:
    return Client().get("/account/login/").wsgi_request.user


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "officer"},
        {"preferred_username": "Officer", "email": "other@example.org"},
        {"preferred_username": "h.xia", "email": "OFFICER@example.org", "email_verified": True},
    ],
)
def test_a_sign_on_meets_the_person_of_that_login_or_verified_address(claims):
    office = open_office()
    _give_address(office.people["officer"], office.units["off"])
    answer = _sign_on({"sub": "77", **claims})
    assert answer.signed_in == str(office.people["officer"])
    assert SocialAccount.objects.get().user_id == office.people["officer"]
    # The second time the tie holds, whatever the provider now calls him.
    assert _sign_on({"sub": "77"}).signed_in == str(office.people["officer"])


@pytest.mark.parametrize(
    "claims",
    [
        {"preferred_username": "nobody"},
        {"email": "officer@example.org"},
        {"email": "officer@example.org", "email_verified": False},
        {"email": "shared@example.org", "email_verified": True},
        {"preferred_username": "leader"},
        {},
    ],
)
def test_a_sign_on_never_makes_a_person_and_never_guesses(claims):
    office = open_office()
    _give_address(office.people["officer"], office.units["off"])
    for login in ("liaison", "signer"):
        _give_address(office.people[login], office.units["off"], "shared@example.org")
    actions.leave(SYSTEM, person_id=office.people["leader"], successor_id=office.people["officer"])
    before = Person.objects.count()
    answer = _sign_on({"sub": "78", **claims})
    assert answer.signed_in is None
    assert answer["Location"] == "/account/login/"
    assert (Person.objects.count(), SocialAccount.objects.count()) == (before, 0)
    assert LedgerEvent.objects.filter(kind="people.sign_in_failed").count() == 1


def _give_address(person_id: int, unit_id: int, email: str = "officer@example.org") -> None:
    actions.update_person(
        SYSTEM,
        person_id=person_id,
        name="何霞",
        email=email,
        mobile="",
        unit_id=unit_id,
        post="",
        clearance=1,
    )


def test_nobody_can_sign_in_before_a_password_is_set():
    open_office()
    actions.create_person(SYSTEM, person=_draft())
    for word in ("", "!", WORD, "Sanban-demo-2026"):
        client = Client()
        _come_in(client, login="new", password=word)
        assert not _is_in(client)


def _draft() -> Any:
    unit_id = Person.objects.get(login="officer").unit_id
    return PersonDraft(login="new", name="新人", unit_id=unit_id)


def test_the_check_up_finds_the_demo_password_outside_the_demo(settings, tmp_path):
    settings.SANBAN_VAR = tmp_path
    open_office()
    assert _finding().well
    actions.set_passwords(SYSTEM, passwords={"auditor": "Sanban-demo-2026"})
    assert not _finding().well
    assert "auditor" in _finding().mend
    (tmp_path / "demo").touch()
    assert _finding().well


def _finding() -> doctor.Finding:
    return next(finding for finding in doctor.examine() if "默认口令" in finding.what)
