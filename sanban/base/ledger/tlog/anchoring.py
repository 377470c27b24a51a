"""One sealed head a day to a place outside the house, such as a consortium chain: off unless SANBAN_ANCHOR names one.

Never on the way of an act, and nothing here depends on it: what is anchored is a head that witnesses have signed.
Two transports: `file:///folder` leaves a file a day for whatever carries it on; `https://…` posts the note, and keeps
what the other side answered as the receipt.
"""

import http.client
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from sanban.base import clock
from sanban.base.ledger.act import writing
from sanban.base.ledger.models import LedgerCheckpoint, LedgerWitness
from sanban.base.ledger.tlog import sealing
from sanban.base.ledger.tlog.suites import LOGS, SHA256

NAME: Final = "anchor"
"""How the place answered stands among the witnesses, for those who look after the machine."""
PATIENCE: Final = 20.0
RECEIPT: Final = 2000
"""Characters of an answer that are kept."""
Post = Callable[[str, str, str], str]
"""(place, name of the head, note) -> receipt. OSError or HTTPException when it did not arrive."""


class Refusal(OSError):
    """The other side answered, and said no."""


def anchor(post: Post | None = None) -> int:
    """Post today's newest sealed head of each log, unless that was done. How many were posted now."""
    place = settings.SANBAN_ANCHOR
    if not place:
        return 0
    today, posted = clock.today(), 0
    send = post or (_to_file if urlsplit(place).scheme == "file" else _to_web)
    for log in LOGS:
        note = sealing.sealed_note(log, SHA256)
        heads = LedgerCheckpoint.objects.filter(log=log, suite=SHA256)
        last = heads.aggregate(at=Max("anchored_at"))["at"]
        if note is None or (last is not None and clock.local(last).date() == today):
            continue
        size = int(note.split("\n")[1])
        told: dict[str, Any] = {"answered_at": clock.now(), "fault": ""}
        try:
            receipt = send(place, f"{log}-{today:%Y%m%d}-{size}", note)
        except (OSError, http.client.HTTPException) as wrong:
            told = {"fault": f"{type(wrong).__name__}: {wrong}"[:200], "fault_at": clock.now()}
        with writing(), transaction.atomic():
            LedgerWitness.objects.update_or_create(name=NAME, defaults=told)
            if not told["fault"]:
                heads.filter(size=size).update(anchored_at=told["answered_at"], receipt=receipt[:RECEIPT])
                posted += 1
    return posted


def _to_file(place: str, name: str, note: str) -> str:
    folder = Path(urlsplit(place).path)
    folder.mkdir(parents=True, exist_ok=True)
    target, half = folder / f"{name}.txt", folder / f".{name}"
    half.write_text(note)
    half.replace(target)
    return target.name


def _to_web(place: str, name: str, note: str) -> str:
    parts = urlsplit(place)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
    try:
        line.request("POST", parts.path or "/", note.encode(), {"Content-Type": "text/plain", "X-Head": name})
        answer = line.getresponse()
        body = answer.read(64 * 1024).decode("utf-8", "replace")
    finally:
        line.close()
    if not 200 <= answer.status < 300:
        raise Refusal(f"{answer.status}: {body[:120]}")
    return body
