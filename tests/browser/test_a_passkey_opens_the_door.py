"""Somebody adds a passkey to the account and comes in by it, under the page's strict policy for scripts."""

import pytest
from playwright.sync_api import Page

from sanban.base.ledger.models import LedgerEvent
from tests.browser.office import PASSWORD, open_office


def _carry_a_key(page: Page) -> None:
    """Plug in a made-up authenticator that always knows its owner."""
    cdp = page.context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_added_and_opens_the_door(page: Page, live_server) -> None:
    open_office()
    home = live_server.url.replace("127.0.0.1", "localhost")
    _carry_a_key(page)
    page.goto(f"{home}/account/login/")
    page.locator("input[name=login]").fill("liaison")
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")
    page.wait_for_url(f"{home}/")

    page.goto(f"{home}/account/2fa/webauthn/add/")
    if page.locator("input[type=password]").count():
        page.locator("input[type=password]").fill(PASSWORD)
        page.locator("input[type=password]").press("Enter")
        page.wait_for_url("**/webauthn/add/**")
    page.locator("input[name=passwordless]").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")

    page.context.clear_cookies()
    page.goto(f"{home}/account/login/?next=/todo/")
    page.get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(f"{home}/todo/")
    assert LedgerEvent.objects.filter(kind="people.session_opened").count() == 2
