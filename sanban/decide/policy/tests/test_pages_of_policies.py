"""The list with its filters, and one policy with its measures, text and history."""

import pytest

from sanban.base.people.tests.browsers import signed_in
from sanban.decide.policy import actions
from sanban.decide.policy.tests.office import Office, open_office, proposed, registered

pytestmark = pytest.mark.django_db


def _page(login: str, address: str):
    return signed_in(login).get(address)


def _two(office: Office) -> tuple[int, int]:
    policy_id, ids = proposed(office)
    actions.confirm_measures(actor=office.actor("dispatcher"), policy_id=policy_id, measure_ids=ids[:1])
    other = registered(
        office, "water", title="关于道路养护的意见", doc_number="清交〔2025〕3号", issued_on=None
    )
    return policy_id, other


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"防汛", "道路"}), ("?q=道路", {"道路"}), ("?q=清政办 防汛", {"防汛"}), ("?q=没有", set()),
        ("?state=confirmed", set()), ("?state=registered", {"防汛", "道路"}), ("?year=2026", {"防汛"}),
        ("?year=nonsense&state=x", {"防汛", "道路"}), ("?page=99", {"防汛", "道路"}), ("?unit=water", {"道路"}),
    ],
)  # fmt: skip
def test_the_list_shows_what_the_filter_asks(asked, shown):
    office = open_office()
    _two(office)
    asked = asked.replace("unit=water", f"unit={office.units['water']}")
    page = _page("officer", f"/policies/{asked}")
    assert page.status_code == 200
    words = page.content.decode()
    assert {
        key for key, title in (("防汛", "做好防汛工作"), ("道路", "道路养护的意见")) if title in words
    } == shown


def test_the_list_counts_measures_by_state():
    office = open_office()
    _two(office)
    words = _page("officer", "/policies/").content.decode()
    assert "待确认 1" in words and "已确认 1，已交办 0" in words


def test_one_policy_shows_measures_text_and_who_did_what():
    office = open_office()
    policy_id, _other = _two(office)
    page = _page("leader", f"/policies/{policy_id}/")
    words = page.content.decode()
    assert page.status_code == 200
    for expected in (
        "改造泵站",
        "建立值守制度",
        "待确认",
        "已确认",
        "清政办〔2026〕1号",
        "登记政策文件",
        "特此通知。",
    ):
        assert expected in words
    assert "识别出举措" not in words


def test_what_is_not_there_or_not_for_the_reader_is_not_found():
    office = open_office()
    secret = registered(office, "cleared", title="秘密事项的通知", level=2)
    assert _page("leader", f"/policies/{secret}/").status_code == 404
    assert _page("leader", "/policies/12345/").status_code == 404
    assert "秘密事项的通知" not in _page("leader", "/policies/").content.decode()
    assert _page("cleared", f"/policies/{secret}/").status_code == 200
    assert "秘密事项的通知" in _page("cleared", "/policies/").content.decode()
