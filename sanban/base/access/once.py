"""Once and only once: a POST with an Idempotency-Key acts one time, however often it is sent.

The answer is kept in the transaction of the act itself, so a crash leaves both or neither. While the first is
under way, a second with the same key is told so: on PostgreSQL by an advisory lock of the transaction, and within
one process by a note in memory; on SQLite a second process waits for the file and then finds the kept answer.
A refusal keeps nothing, because nothing was done: the same key may be sent again.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import SECRET, Actor
from sanban.base.access.models import KeptAnswer
from sanban.base.access.problems import Problem, invalid
from sanban.base.ledger.errors import Refused
from sanban.base.vault import boxes
from sanban.base.vault.columns import MARK
from sanban.base.vault.provider import Locked

KEPT_FOR: Final = timedelta(hours=24)
KEY_LENGTH: Final = 100
KEPT_HEADERS: Final = ("Content-Type", "ETag", "Location")
_SCOPE: Final = f"{SECRET}/answer/0"
_lock = threading.Lock()
_under_way: set[tuple[str, str]] = set()


def once(request: HttpRequest, actor: Actor, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Run the act, or repeat what was answered to the same key. Without a key the act simply runs."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return act()
    if len(key) > KEY_LENGTH or not key.isprintable():
        raise invalid("Idempotency-Key", _("幂等键最长 100 个可见字符，建议用 UUID。"))
    asked = _digest(request)
    refusal: Refused | None = None
    with _alone(actor.ref, key), transaction.atomic():
        _lock_or_tell(actor.ref, key)
        kept = KeptAnswer.objects.filter(actor_ref=actor.ref, key=key).first()
        if kept is not None and kept.made_at > clock.now() - KEPT_FOR:
            return _repeated(kept, asked)
        try:
            answer = act()
        except Refused as no:  # its record was written with it and stays
            refusal = no
        else:
            _keep(actor, key, asked, answer)
    if refusal is not None:
        raise refusal
    return answer


def _keep(actor: Actor, key: str, asked: str, answer: HttpResponse) -> None:
    """Write the answer down, and forget what is older than a day. What was told to who may know secrets is sealed."""
    now = clock.now()
    KeptAnswer.objects.filter(made_at__lte=now - KEPT_FOR).delete()
    KeptAnswer.objects.create(
        actor_ref=actor.ref, key=key, asked_sha256=asked, status=answer.status_code, made_at=now,
        body=_sealed(actor, key, answer.content),
        headers={name: answer[name] for name in KEPT_HEADERS if answer.has_header(name)},
    )  # fmt: skip


def _sealed(actor: Actor, key: str, body: bytes) -> bytes:
    """The key's name and the box; as it is for who may know no secret, and while no secret can be read."""
    try:
        key_id, box = boxes.seal(_SCOPE if actor.clearance >= SECRET else "", body, _place(actor.ref, key))
    except Locked:
        return body
    return f"{MARK}{key_id}|".encode() + box if key_id else body


def _opened(kept: KeptAnswer) -> bytes:
    body = bytes(kept.body)
    if not body.startswith(MARK.encode()):
        return body
    head, _bar, box = body.partition(b"|")
    return boxes.unseal(head.decode()[len(MARK) :], box, _place(kept.actor_ref, kept.key))


def _place(ref: str, key: str) -> str:
    return f"{SECRET}|access_keptanswer|{ref}|{key}"


def _repeated(kept: KeptAnswer, asked: str) -> HttpResponse:
    if kept.asked_sha256 != asked:
        raise Problem("key_reused", _("这个幂等键已用于内容不同的请求。请为新的请求换一个键。"))
    answer = HttpResponse(_opened(kept), status=kept.status)
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotent-Replay"] = "true"
    return answer


@contextmanager
def _alone(ref: str, key: str) -> Iterator[None]:
    """One request a key at a time within this process."""
    place = (ref, key)
    with _lock:
        if place in _under_way:
            raise _in_progress()
        _under_way.add(place)
    try:
        yield
    finally:
        with _lock:
            _under_way.discard(place)


def _lock_or_tell(ref: str, key: str) -> None:
    """One request a key at a time among all processes of PostgreSQL."""
    if connection.vendor != "postgresql":
        return
    number = int.from_bytes(hashlib.sha256(f"{ref}\n{key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        row = cursor.fetchone()
    if not row or not row[0]:
        raise _in_progress()


def _in_progress() -> Problem:
    return Problem("in_progress", _("同一幂等键的请求正在办理，请稍后用同一个键重试。"))


def _digest(request: HttpRequest) -> str:
    """What was asked: method, address, and the values sent; of an upload the bytes, not its envelope."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        said.update(request.headers.get("If-Match", "").encode() + b"\n" + request.body)
        return said.hexdigest()
    for name, values in sorted(request.POST.lists()):
        said.update(repr((name, values)).encode())
    for name, upload in sorted(request.FILES.items()):
        said.update(repr((name, getattr(upload, "name", ""))).encode())
        for chunk in upload.chunks():  # type: ignore[union-attr]
            said.update(chunk)
        upload.seek(0)  # type: ignore[union-attr]
    return said.hexdigest()
