"""One writer for so many seconds; one number: acts a second. Each act changes a state row, and beside it writes

`plain`     one row of an audit table, as most systems keep it: the same columns and keys, the payload as JSON;
`kept`      our event and content with bytes made before, and no proof: no look at the one before, no place to come;
`rows`      the same with both: what the proof costs the database;
`evidence`  the whole of it: salts, both digests of every field, chain, encryption, and the three rows.
"""

import os
import sys
import time
from datetime import UTC
from typing import Any

import django

django.setup()

from django.db import connection, transaction  # noqa: E402 - Django must stand before any room is imported

from sanban.base import clock  # noqa: E402
from sanban.base.access.actor import SYSTEM  # noqa: E402
from sanban.base.ledger import log  # noqa: E402
from sanban.base.ledger.envelope import canonical  # noqa: E402
from sanban.base.ledger.ids import new_event_ids  # noqa: E402
from sanban.base.ledger.log import Item, previous_digests, record  # noqa: E402
from sanban.execute.task.events import ProgressReported  # noqa: E402

THINGS = 500
TEXT = "已完成现场核查，" * 8
TABLES = (
    "CREATE TABLE IF NOT EXISTS bench_thing (id bigint PRIMARY KEY, version int, state text)",
    "CREATE TABLE IF NOT EXISTS bench_audit (id {key} PRIMARY KEY, stream_type varchar(24), stream_id bigint, ver int,"
    " kind varchar(64), at {instant}, actor_ref varchar(32), on_behalf_of varchar(32), acting_office bigint, label int,"
    " body {blob}, UNIQUE (stream_type, stream_id, ver))",
)


def prepare() -> None:
    """The tables of the plain kind."""
    big = connection.vendor == "postgresql"
    kinds = {"blob": "bytea" if big else "blob", "key": "uuid" if big else "char(32)",
             "instant": "timestamptz" if big else "datetime"}  # fmt: skip
    with connection.cursor() as cursor:
        for statement in TABLES:
            cursor.execute(statement.format(**kinds))


def report(progress: int) -> ProgressReported:
    """What both kinds keep."""
    return ProgressReported(
        report_id=7, unit_id=5, progress=progress, text=TEXT, files=[], changes={"progress": progress}
    )


AUDIT = "INSERT INTO bench_audit VALUES (%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s)"


def _place() -> tuple[Any, Any]:
    """A key and the instant, as the database takes them."""
    (key,), now = new_event_ids(1), clock.now()
    if connection.vendor == "postgresql":
        return key, now
    return key.hex, str(now.astimezone(UTC).replace(tzinfo=None))


def plain(thing: int, version: int) -> None:
    """An audit row."""
    made = report(version % 100)
    body = canonical({name: getattr(made, name) for name in made.names})
    key, now = _place()
    row = (key, "task", thing, version + 1, made.kind, now, SYSTEM.ref, "", None, 1, body)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(AUDIT, row)
    else:
        connection.connection.execute(AUDIT.replace("%s", "?"), row)


KEPT = (
    f"WITH e AS ({log._insertion('ledger_ledgerevent', log._EVENT, '%s')})"
    f" {log._insertion('ledger_ledgercontent', log._CONTENT, '%s')}"
)
MADE = os.urandom(1000), os.urandom(16), os.urandom(32), os.urandom(32), os.urandom(500)
"""Envelope, salt, both commitments and content, of the size that a report has."""


def _made(thing: int, version: int) -> log.Rows:
    (key, now), (envelope, salt, first, second, body) = _place(), MADE
    event = (key, "task", thing, version + 1, ProgressReported.kind, now, SYSTEM.ref, "", None, 1, 1, envelope, salt,
             first, second, first, "", None)  # fmt: skip
    return event, (key, body, "1/0/202611.1", ""), (key,)


def kept(thing: int, version: int) -> None:
    """The act alone, in our two tables."""
    event, content, _waiting = _made(thing, version)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.executemany(KEPT, [event + content])
        return
    for statement, part in zip(log._SQLITE[:2], (event, content), strict=True):
        connection.connection.executemany(statement, [part])


def rows(thing: int, version: int) -> None:
    """The act and what proves it."""
    previous_digests("task", [(thing, version)] if version else [])
    log._write([_made(thing, version)])


def evidence(thing: int, version: int) -> None:
    """The event as the ledger keeps it."""
    record(SYSTEM, [Item(report(version % 100), thing, version)])


def main(kind: str, seat: int, seconds: float) -> None:
    """Act on own things, one transaction an act."""
    act = {"plain": plain, "kept": kept, "rows": rows, "evidence": evidence}[kind]
    first = (time.time_ns() // 1000 << 8) + seat * THINGS
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA synchronous = {os.environ['SYNCHRONOUS']}")
        things = [(first + n, 0, "new") for n in range(THINGS)]
        cursor.executemany("INSERT INTO bench_thing (id, version, state) VALUES (%s,%s,%s)", things)
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        version, n = divmod(count, THINGS)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE bench_thing SET version = version + 1, state = %s WHERE id = %s",
                    [f"s{count}", first + n],
                )
            act(first + n, version)
        count += 1
    sys.stdout.write(f"{count / (time.perf_counter() - began)}\n")


if sys.argv[1] == "prepare":
    prepare()
else:
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
