"""What a view says of what it shows: one call, `shown` for an object, `listed` for a list.

Secret: an event of the access log before a byte leaves; when it cannot be written, nothing is shown. Internal and
lists: a row, written within 200 ms. Public: counted by person, object and hour.
"""

import hashlib
import json
from array import array
from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, PUBLIC, SECRET, Actor, actor_of
from sanban.base.access.events import SecretRead
from sanban.base.access.readlog import buffer
from sanban.base.access.readlog.mark import ReadMark, number_of
from sanban.base.access.readlog.rows import Row
from sanban.base.ledger.act import writing
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append

PAGE, LIST, SEARCH, EXPORT, API, FEED, DOWNLOAD = (
    "page",
    "list",
    "search",
    "export",
    "api",
    "feed",
    "download",
)
WAYS: Final = (PAGE, LIST, SEARCH, EXPORT, API, FEED, DOWNLOAD)
_PURPOSES: Final = ("purposes", "members", "grants")
"""The lists of the actor that tell what one object is read for, the plainest first."""
LONGEST: Final = 200
"""Of one filter's value so many characters are kept."""


class Unrecorded(Exception):
    """A secret cannot be shown, because the read could not be put on record."""

    def __init__(self) -> None:
        self.message = _(
            "这里有工作秘密，查阅须先登记，而登记现在写不进去，所以没有打开。请稍后再试；仍不成功时请联系系统管理员。"
        )
        super().__init__(self.message)


def shown(
    request: HttpRequest,
    stream: str,
    object_id: int,
    *,
    level: int,
    fields: Iterable[str] = (),
    how: str = "",
) -> None:
    """One object is about to be shown to who asks."""
    actor = actor_of(request)
    way = how or (API if _is_api(request) else PAGE)
    if level == PUBLIC and way == PAGE:
        buffer.count(clock.now(), actor, stream, object_id)
        return
    row = _row(request, actor, way, stream, level)
    row.object_id = object_id
    row.purpose = next((name for name in _PURPOSES if (stream, object_id) in getattr(actor, name)), "")
    _keep(actor, row, list(fields))
    _mark(request, row)


def listed(
    request: HttpRequest, stream: str, rows: Iterable[Any], *, how: str = "",
    predicate: Mapping[str, object] | None = None, actor: Actor | None = None, level: int | None = None,
) -> None:  # fmt: skip
    """A list is about to be shown: one record a request, with its filters, its count and the digest of its ids.

    Rows are objects or plain rows with an id and a level, or ids alone; without a level they are internal.
    """
    found = {_id_of(row): _level_of(row) for row in rows}
    keys = array("q", sorted(found))
    highest = max(found.values(), default=INTERNAL) if level is None else level
    row = _row(
        request, actor or actor_of(request), how or (API if _is_api(request) else LIST), stream, highest
    )
    row.ids = keys.tobytes()
    row.count = len(keys)
    row.digest = digest_of(keys)
    if predicate is not None:
        row.predicate = _words(predicate)
    _keep(actor or actor_of(request), row, [])
    _mark(request, row)


def digest_of(ids: Iterable[int]) -> str:
    """SHA-256 over the ids in rising order, each in decimal on a line of its own."""
    return hashlib.sha256("".join(f"{key}\n" for key in sorted(ids)).encode()).hexdigest()


def _row(request: HttpRequest, actor: Actor, how: str, stream: str, level: int) -> Row:
    match = request.resolver_match
    return Row(
        at=clock.now(), person_id=actor.person_id, actor_ref=actor.ref, on_behalf_of=actor.on_behalf_of,
        unit_id=actor.unit_id, how=how, stream=stream, level=level,
        page=(match.view_name if match is not None else request.path)[:80],
        predicate=_words({name: ",".join(map(str, values)) for name, values in request.GET.lists()}),
    )  # fmt: skip


def _words(predicate: Mapping[str, object]) -> str:
    said = {
        name: str(value)[:LONGEST] for name, value in sorted(predicate.items()) if value not in ("", None)
    }
    return json.dumps(said, ensure_ascii=False)


def _keep(actor: Actor, row: Row, fields: list[str]) -> None:
    if row.level >= SECRET and row.count:
        try:
            with writing(), transaction.atomic():
                row.event_id = append(
                    actor, _event(row, fields), stream_id=new_id(), version=0, level=row.level
                ).id
        except DatabaseError as fault:
            raise Unrecorded from fault
        row.predicate = "{}"  # what was asked for may be the secret's own words: the event has them, sealed
    buffer.hold(row)


def _mark(request: HttpRequest, row: Row) -> None:
    """Let the frame of the page know what it shows; of several reads the highest counts, the first of them."""
    before: ReadMark | None = getattr(request, "read_mark", None)
    if before is None or row.level > before.level:
        number = number_of(row.event_id) if row.event_id is not None else ""
        request.read_mark = ReadMark(row.level, number)  # type: ignore[attr-defined]


def _event(row: Row, fields: list[str]) -> SecretRead:
    return SecretRead(
        of_stream=row.stream, object_id=row.object_id, how=row.how, page=row.page, fields=fields,
        predicate=json.loads(row.predicate), count=row.count, digest=row.digest, purpose=row.purpose,
    )  # fmt: skip


def _id_of(row: Any) -> int:
    key = row["id"] if isinstance(row, Mapping) else row if isinstance(row, int) else row.id
    return key.int >> 65 if isinstance(key, UUID) else int(key)


def _level_of(row: Any) -> int:
    if isinstance(row, Mapping):
        return int(row.get("level", INTERNAL))
    return int(getattr(row, "level", INTERNAL))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
