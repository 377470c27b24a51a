"""What waits in a session to be said on the next page may speak of a secret: such a session lies sealed."""

from typing import Any

import pytest
from django.contrib.sessions.models import Session

from sanban.base.people.sessions import SessionStore
from sanban.base.vault import boxes
from sanban.base.vault.columns import MARK

pytestmark = pytest.mark.django_db
WORDS = [["__json_message", 0, 25, "已交办：核查沉箱"]]


def test_a_session_with_words_is_sealed_and_one_without_is_as_ever(settings: Any, tmp_path: Any) -> None:
    settings.SANBAN_VAR = tmp_path
    boxes.prepare()
    plain, told = SessionStore(), SessionStore()
    plain["seen"], told["_messages"] = 7, WORDS
    plain.save()
    told.save()
    rows = {row.session_key: row.session_data for row in Session.objects.all()}
    assert not rows[plain.session_key or ""].startswith(MARK) and rows[told.session_key or ""].startswith(
        MARK
    )
    assert SessionStore(plain.session_key)["seen"] == 7
    assert SessionStore(told.session_key)["_messages"] == WORDS


def test_a_session_whose_key_was_destroyed_is_an_empty_one(settings: Any, tmp_path: Any) -> None:
    settings.SANBAN_VAR = tmp_path
    boxes.prepare()
    told = SessionStore()
    told["_messages"] = WORDS
    told.save()
    boxes.keyring().destroy("2/session/0.1")
    assert dict(SessionStore(told.session_key).items()) == {}
