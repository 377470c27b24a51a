"""Chinese unless English was chosen; what the browser says of itself changes nothing."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db
ENGLISH = {"Accept-Language": "en-US,en;q=0.9"}


def test_a_browser_set_to_english_is_answered_in_chinese_until_somebody_chooses() -> None:
    client = Client(headers=ENGLISH)
    page = client.get("/account/login/")
    assert page["Content-Language"] == "zh-hans" and "登录" in page.content.decode()
    chosen = client.post("/ui/look/", {"language": "en", "next": "/account/login/"})
    assert chosen.status_code == 302
    page = client.get("/account/login/")
    assert page["Content-Language"] == "en" and "Sign in" in page.content.decode()
    client.post("/ui/look/", {"language": "zh-hans", "next": "/account/login/"})
    assert "登录" in client.get("/account/login/").content.decode()


def test_a_language_the_house_does_not_speak_changes_nothing() -> None:
    client = Client()
    client.post("/ui/look/", {"language": "tlh", "next": "/"})
    client.cookies["django_language"] = "../../etc"
    assert client.get("/account/login/")["Content-Language"] == "zh-hans"
