"""An owner's messages are passed on, signed, once each, and never to an address inside the house."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.replay import replay_difference
from sanban.base.ledger.tests.units import everything_kept
from sanban.base.notify import actions, outbound, queries, signing
from sanban.base.notify.models import Outgoing, WebhookEndpoint
from sanban.base.notify.sending import send_due
from sanban.base.notify.tests.office import give, joined, of, opened, pid
from sanban.base.people import actions as people
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task.tests.office import MONDAY, Office

pytestmark = pytest.mark.django_db
URL = "https://bot.example/send?key=abc"


@pytest.fixture
def office(settings: Any) -> Office:
    settings.SANBAN_URL = "https://sanban.example"
    return opened()


@pytest.fixture
def admin(office: Office) -> Actor:
    return joined(office, "keeper", "general", "admin")


class Far:
    """What the far side hears and answers."""

    def __init__(self) -> None:
        self.heard: list[tuple[outbound.Target, bytes, Any]] = []
        self.status = 200

    def post(self, target: outbound.Target, body: bytes, headers: Any) -> int:
        self.heard.append((target, body, headers))
        return self.status


@pytest.fixture
def far(monkeypatch: pytest.MonkeyPatch) -> Far:
    made = Far()
    monkeypatch.setattr(outbound, "_resolved", lambda _host, _port: ["93.184.216.34"])
    monkeypatch.setattr(outbound, "post", made.post)
    return made


def _endpoint(office: Office, admin: Actor, **more: Any) -> tuple[int, str]:
    words: dict[str, Any] = {"name": "机器人", "url": URL, "kinds": ["new"], "owner_id": pid(office.water)}
    with clock.freeze(MONDAY - timedelta(hours=1)):
        return actions.create_webhook(admin, **{**words, **more})


def _look(minutes: float) -> int:
    with clock.freeze(MONDAY + timedelta(minutes=minutes)):
        return send_due(lambda _words: None)


def test_a_message_of_the_owner_is_passed_on_once_and_signed(office: Office, admin: Actor, far: Far) -> None:
    _key_id, key = _endpoint(office, admin)
    (task_id,) = give(office, partners=(office.units["roads"],))
    assert (_look(1), _look(2)) == (1, 0)
    target, body, headers = far.heard[0]
    said, message = json.loads(body), of("water")[1]
    assert (target.ip, target.host, target.path) == ("93.184.216.34", "bot.example", "/send?key=abc")
    assert (said["id"], said["kind"], said["event"]) == (message.id.hex, "new", "task.task_assigned")
    assert said["object"] == [{"number": message.lines[0][0], "title": "整治第1段"}]
    assert said["link"] == "https://sanban.example" + message.link
    stamp, mark = (part.split("=", 1)[1] for part in headers["Sanban-Signature"].split(","))
    assert int(stamp) == int((MONDAY + timedelta(minutes=1)).timestamp())
    assert mark == hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert task_id


def test_the_key_is_shown_once_and_stored_nowhere(office: Office, admin: Actor) -> None:
    endpoint_id, key = _endpoint(office, admin)
    assert key == signing.key_of(endpoint_id)
    assert key != signing.key_of(endpoint_id + 1)
    row = WebhookEndpoint.objects.filter(pk=endpoint_id).values_list().get()
    assert b"bot.example" in everything_kept() and key.encode() not in everything_kept()
    assert key not in str(row)


def test_the_owner_is_told_that_his_messages_are_passed_on(office: Office, admin: Actor) -> None:
    _endpoint(office, admin)
    (shown,) = queries.inbox_page(actor=office.water).rows
    assert shown.text == "您的消息将推送到“机器人”（bot.example）。如不知情，请联系系统管理员。"


def test_no_secret_title_is_passed_on_even_from_an_owner_who_is_cleared(
    office: Office, admin: Actor, far: Far
) -> None:
    for who in (office.dispatcher, office.water):
        people.set_clearance(SYSTEM, person_id=pid(who), clearance=2)
    for shape in ("json", "text"):
        _endpoint(office, admin, shape=shape)
    give(office, actor=replace(office.dispatcher, clearance=2), level=2)
    _look(1)
    assert len(far.heard) == 2
    assert all(
        "整治" not in body.decode() and "2026-03-20" not in body.decode() for _to, body, _head in far.heard
    )


def test_a_bot_gets_text(office: Office, admin: Actor, far: Far) -> None:
    _endpoint(office, admin, shape="text")
    give(office)
    _look(1)
    said = json.loads(far.heard[0][1])
    assert said["msgtype"] == "text"
    assert said["text"]["content"].startswith(
        "整治第1段\n请签收办理，时限 2026-03-20\nhttps://sanban.example/tasks/"
    )


def test_an_address_that_fails_waits_and_the_others_of_it_are_not_tried_in_the_same_look(
    office: Office, admin: Actor, far: Far
) -> None:
    _endpoint(office, admin, kinds=["new", "house"])
    give(office)
    far.status = 302
    assert _look(1) == 0
    assert len(far.heard) == 1
    assert [row.last_error for row in Outgoing.objects.order_by("-tries")] == ["对方应答 302。", ""]
    far.status = 200
    assert _look(3) == 2


def test_an_address_whose_name_leads_inside_fails_for_good(
    office: Office, admin: Actor, far: Far, monkeypatch: pytest.MonkeyPatch
) -> None:
    _endpoint(office, admin)
    give(office)
    monkeypatch.setattr(outbound, "_resolved", lambda _host, _port: ["93.184.216.34", "10.0.0.8"])
    _look(1)
    assert far.heard == []
    row = Outgoing.objects.get()
    assert (row.state, row.tries) == ("failed", 1)
    assert "10.0.0.8" in row.last_error


def test_a_disabled_address_gets_nothing_more(office: Office, admin: Actor, far: Far) -> None:
    endpoint_id, _key = _endpoint(office, admin)
    give(office)
    far.status = 500
    _look(1)
    with clock.freeze(MONDAY + timedelta(minutes=1)):
        actions.disable_webhook(admin, endpoint_id=endpoint_id)
        with pytest.raises(Refused, match="已停用"):
            actions.disable_webhook(admin, endpoint_id=endpoint_id)
    _look(10)
    assert len(far.heard) == 1
    assert Outgoing.objects.get().state == "failed"


def test_a_test_is_asked_for_by_an_act_and_sent_by_the_clock(office: Office, admin: Actor, far: Far) -> None:
    endpoint_id, _key = _endpoint(office, admin)
    with clock.freeze(MONDAY):
        actions.try_webhook(admin, endpoint_id=endpoint_id)
    assert (_look(1), _look(2)) == (1, 0)
    assert json.loads(far.heard[0][1])["kind"] == "test"
    kinds = LedgerEvent.objects.filter(stream_id=endpoint_id).order_by("ver").values_list("kind", flat=True)
    assert list(kinds) == ["notify.webhook_created", "notify.webhook_tested"]


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"url": "http://10.0.0.8:9000/"}, "url"), ({"url": "https://a:b@bot.example/"}, "url"),
        ({"kinds": []}, "kinds"), ({"kinds": ["nonsense"]}, "kinds"), ({"name": " "}, "name"),
        ({"owner_id": 7}, "owner"), ({"shape": "xml"}, "shape"),
    ],
)  # fmt: skip
def test_a_crooked_address_is_refused_at_its_field(
    office: Office, admin: Actor, words: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as no:
        _endpoint(office, admin, **words)
    assert no.value.field == field
    assert not WebhookEndpoint.objects.exists()


def test_only_the_administrator_keeps_addresses(office: Office, admin: Actor) -> None:
    endpoint_id, _key = _endpoint(office, admin)
    for act in (actions.disable_webhook, actions.try_webhook):
        with pytest.raises(Denied):
            act(office.dispatcher, endpoint_id=endpoint_id)
    with pytest.raises(Denied):
        _endpoint(office, office.dispatcher)
    with pytest.raises(Denied):
        queries.webhooks_page(actor=office.water)
    assert WebhookEndpoint.objects.get().active


def test_addresses_are_rebuilt_from_the_ledger(office: Office, admin: Actor) -> None:
    endpoint_id, _key = _endpoint(office, admin)
    actions.try_webhook(admin, endpoint_id=endpoint_id)
    actions.disable_webhook(admin, endpoint_id=endpoint_id)
    assert replay_difference([WebhookEndpoint]) == []


def test_the_pages_register_show_try_and_disable(office: Office, admin: Actor, far: Far) -> None:
    assert signed_in("water").get("/webhooks/").status_code == 403
    client = signed_in("keeper")
    assert "还没有推送地址" in client.get("/webhooks/").content.decode()
    words = {"name": "机器人", "url": URL, "owner": "water", "shape": "json", "kinds": ["new", "chased"]}
    assert client.post("/webhooks/", {**words, "owner": "nobody"}).status_code == 422
    assert client.post("/webhooks/", {**words, "url": "ftp://bot.example"}).status_code == 422
    page = client.post("/webhooks/", words).content.decode()
    endpoint = WebhookEndpoint.objects.get()
    assert signing.key_of(endpoint.pk) in page
    page = client.get("/webhooks/").content.decode()
    assert signing.key_of(endpoint.pk) not in page
    assert "https://bot.example/send?…" in page
    assert "abc" not in page
    client.post(f"/webhooks/{endpoint.pk}/try/")
    send_due(lambda _words: None)
    assert "测试" in client.get(f"/webhooks/{endpoint.pk}/").content.decode()
    client.post(f"/webhooks/{endpoint.pk}/disable/")
    assert not WebhookEndpoint.objects.get().active
    assert client.get("/webhooks/7/").status_code == 404
