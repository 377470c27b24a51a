"""Personal keys of the API and of the calendar feed: shown once, kept as digests, ended by date or by hand."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from sanban.base import clock
from sanban.base.access.actor import ANYBODY
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.tests.units import everything_kept
from sanban.base.people import actions, queries
from sanban.base.people.models import AccessToken, Person
from sanban.base.people.tests.browsers import signed_in
from sanban.base.people.tests.office import open_office

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def _nowhere(key: str) -> bool:
    return key.encode() not in everything_kept()


def test_a_key_opens_as_its_owner_with_its_scopes_and_only_its_digest_is_kept():
    office = open_office()
    _id, key = actions.make_token(office.actor("officer"), name="报表", scopes=["read"])
    found = queries.actor_for_token(key=key)
    assert found == (office.actor("officer"), frozenset({"read"}))
    assert AccessToken.objects.get().digest == hashlib.sha256(key.encode()).hexdigest()
    assert _nowhere(key)
    assert queries.actor_for_token(key=key + "x") is None


def test_a_key_ends_at_its_date_and_a_past_date_is_refused():
    office = open_office()
    with clock.freeze(MONDAY):
        _id, key = actions.make_token(
            office.actor("officer"), name="", scopes=["write"], expires_at=MONDAY + timedelta(hours=1)
        )
        assert queries.actor_for_token(key=key) is not None
        with pytest.raises(Refused, match="已经过去"):
            actions.make_token(office.actor("officer"), name="", scopes=["read"], expires_at=MONDAY)
    with clock.freeze(MONDAY + timedelta(hours=1)):
        assert queries.actor_for_token(key=key) is None


def test_a_revoked_key_opens_nothing_and_is_not_revoked_twice():
    office = open_office()
    token_id, key = actions.make_token(office.actor("officer"), name="报表", scopes=["read"])
    actions.revoke_token(office.actor("security"), token_id=token_id)
    assert queries.actor_for_token(key=key) is None
    with pytest.raises(Refused, match="已吊销"):
        actions.revoke_token(office.actor("officer"), token_id=token_id)


@pytest.mark.parametrize("scopes", [[], ["read", "everything"]])
def test_a_key_without_known_scopes_is_not_made(scopes):
    with pytest.raises(Refused, match="权限范围"):
        actions.make_token(open_office().actor("officer"), name="报表", scopes=scopes)
    assert AccessToken.objects.count() == 0


def test_a_stranger_gets_no_key():
    open_office()
    with pytest.raises(Denied, match="登录"):
        actions.make_token(ANYBODY, name="报表", scopes=["read"])


def test_the_page_shows_a_new_key_once():
    office = open_office()
    client = signed_in("officer")
    page = client.post("/people/me/", {"name": "报表", "scopes": ["read"]}).content.decode()
    key = page.partition("<code>")[2].partition("</code>")[0]
    found = queries.actor_for_token(key=key)
    assert found is not None and found[0] == office.actor("officer")
    assert key not in client.get("/people/me/").content.decode()


def test_a_new_feed_address_stops_the_old_one_and_is_shown_once():
    office = open_office()
    first = actions.reset_feed(office.actor("officer"))
    client = signed_in("officer")
    page = client.post("/people/me/feed/", follow=True).content.decode()
    second = page.partition("/feeds/")[2].partition(".ics")[0]
    assert queries.actor_for_feed(key=first) is None
    assert queries.actor_for_feed(key=second) == office.actor("officer")
    assert second not in client.get("/people/me/").content.decode()
    assert queries.actor_for_feed(key="") is None
    assert _nowhere(second)


def test_the_whole_address_of_the_feed_is_shown_once_and_can_be_stopped():
    office = open_office()
    browser = signed_in("officer")
    assert "停用</button>" not in browser.get("/people/me/").content.decode()
    shown = browser.post("/people/me/feed/", follow=True).content.decode()
    address = re.search(r'<code id="feed">(http://testserver/feeds/[\w-]{32}\.ics)</code>', shown)
    assert address is not None
    later = browser.get("/people/me/").content.decode()
    assert address.group(1) not in later
    assert "停用</button>" in later
    browser.post("/people/me/feed/close/")
    assert Person.objects.get(pk=office.people["officer"]).feed_token == ""
    with pytest.raises(Refused):
        actions.close_feed(office.actor("officer"))
