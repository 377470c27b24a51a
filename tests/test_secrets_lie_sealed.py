"""No table, no index and no byte of the database file holds a word of a work secret; who may see it still does."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from sanban.base import clock
from sanban.base.access.readlog import buffer
from sanban.base.ledger.replay import replay_difference
from sanban.base.ledger.resealing import in_clear
from sanban.base.notify.models import Message
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.words import pairs, sounds
from sanban.base.vault import boxes
from sanban.desk.api_root.tests.office import MONDAY
from tests.addresses import furnished
from tests.secret_house import MARK, looked_at, raised, secret_house

HINTS = {MARK, *(pair for pair in pairs(MARK) if len(pair) > 1), *sounds(MARK)}
"""The words, every two neighbouring signs of them, and how they sound."""


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.SANBAN_VAR = tmp_path
    boxes.prepare()


def _tables(alias: str) -> list[str]:
    base = connections[alias]
    with base.cursor() as cursor:
        return [table.name for table in base.introspection.get_table_list(cursor)]


def _spoken(value: Any) -> Iterator[str]:
    """A value as a reader of the raw table could take it."""
    if isinstance(value, bytes | memoryview):
        yield bytes(value).decode("utf-8", errors="replace")
    elif value is not None:
        said = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
        yield said
        if "\\u" in said:
            yield said.encode("ascii", "backslashreplace").decode("unicode_escape", errors="replace")


def _tellers() -> list[str]:
    """Each table, by whatever name, of which some column tells one of the words."""
    found = set()
    for alias in connections:
        for table in _tables(alias):
            with connections[alias].cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                names = [column[0] for column in cursor.description or ()]
                for row in cursor.fetchall():
                    for name, value in zip(names, row, strict=True):
                        if any(hint in said for said in _spoken(value) for hint in HINTS):
                            found.add(f"{table}.{name}")
    return sorted(found)


@pytest.mark.django_db
def test_no_table_tells_a_word_of_a_secret():
    with clock.freeze(MONDAY):
        office = furnished()
        found = secret_house(office)
        looked_at(office, found)
        assert buffer.flush() > 3
        raised(found["office"])
        assert MARK in found["refusal"]
        assert _tellers() == []
        assert in_clear() == {}
        assert replay_difference() == []


@pytest.mark.django_db
def test_pages_and_messages_still_say_it_to_who_may_know():
    with clock.freeze(MONDAY):
        office = furnished()
    with clock.freeze(MONDAY + timedelta(hours=1)):  # else its messages would join those of other acts
        found = secret_house(office)
        inside = signed_in("dispatcher")
        for address, least in (
            (f"/tasks/{found['number']}/", 4), (f"/policies/{found['policy_id']}/", 5), ("/tasks/", 4),
            (f"/disputes/{found['dispute_id']}/", 10), (f"/chase/{found['slip_id']}/", 4), ("/policies/", 2),
        ):  # fmt: skip
            page = inside.get(address).content.decode()
            assert page.count(MARK) >= least, (address, page.count(MARK))
            assert "\x01" not in page and "［" not in page, address
        told = Message.objects.filter(level=2, person__login="liaison", at__gt=MONDAY)
        silent = {row.event for row in told if MARK not in str(row.lines)}
        assert (len(told) > 5, silent) == (True, {"watch.sight_requested"})


@pytest.mark.django_db
def test_the_look_through_all_tables_finds_a_word_wherever_it_lies_open():
    with clock.freeze(MONDAY):
        secret_house(furnished())
        for table, column, value in (
            ("task_taskitem", "title", f"看{MARK}"), ("notify_message", "lines", json.dumps([["1", MARK]])),
            ("policy_measure", "facts", json.dumps([MARK], ensure_ascii=False)), ("people_unit", "name", "鸶湾"),
        ):  # fmt: skip
            with transaction.atomic(), connection.cursor() as cursor:
                last = f"SELECT id FROM {table} ORDER BY id DESC LIMIT 1"
                cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = ({last})", [value])
                assert _tellers() == [f"{table}.{column}"]
                transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_file_tells_a_word_of_a_secret():
    with clock.freeze(MONDAY):
        office = furnished()
        found = secret_house(office)
        looked_at(office, found)
        buffer.flush()
        assert _told_on_disk() == []
        raised(found["office"])
        _give_back()
        assert _told_on_disk() == []


def _told_on_disk() -> list[str]:
    """The words that lie on the disk of a house on SQLite, in its files and what waits beside them. The files of
    PostgreSQL are its own: there the rows are looked through once more."""
    if connection.vendor != "sqlite":
        return _tellers()
    wanted = [hint.encode() for hint in HINTS] + [json.dumps(MARK)[1:-1].encode(), MARK.encode("utf-16-le")]
    paths = [Path(connections[alias].settings_dict["NAME"]) for alias in connections]
    files = [file for path in paths for file in path.parent.glob(f"{path.name}*")]
    assert len(files) > 2
    return [f"{file.name}: {word!r}" for file in files for word in wanted if word in file.read_bytes()]


def _give_back() -> None:
    """What lay open before an object was raised is in pages that are free now: they are given back."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                cursor.execute(statement)
