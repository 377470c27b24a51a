"""The look at encryption counts the words of secrets that lie in clear in a table."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sanban.base.access.actor import Actor
from sanban.desk.compliance import queries
from sanban.desk.compliance.seen import Look
from sanban.execute.task.tests.office import assigned, open_office

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ref="a", roles=frozenset({"auditor"}))


def _look() -> Look:
    found = queries.review(actor=AUDITOR)
    return next(
        look
        for _family, part in found.families
        for one in part
        for look in one.looks
        if look.name == "encrypted"
    )


def test_words_of_a_secret_in_clear_are_counted_and_their_table_named(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path
    assigned(open_office())
    assert _look().held is True
    with connection.cursor() as cursor:
        cursor.execute("UPDATE task_taskitem SET level = 2")
    said = _look()
    assert said.held is False
    assert "在用表中未加密 1 行。所在表：task_taskitem。请运行 sanban vault seal。" in said.words
