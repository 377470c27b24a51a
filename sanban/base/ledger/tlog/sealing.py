"""Asking the witnesses: our newest head of each tree is shown to all of them, and is sealed when enough have signed.

Nobody waits for this but what must be sealed (rulings, payments, bundles): a thread of the log's process asks, and a
witness that is silent, or that has seen another history, is named on the operations page.
"""

import http.client
from base64 import b64encode
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from sanban.base import clock
from sanban.base.ledger.act import writing
from sanban.base.ledger.contents import Unread, contents
from sanban.base.ledger.envelope import canonical
from sanban.base.ledger.events import TrustSet
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, ActorLike, append
from sanban.base.ledger.models import (
    LedgerCheckpoint,
    LedgerCosignature,
    LedgerEvent,
    LedgerWitness,
)
from sanban.base.ledger.tlog import heads, merkle, notes, suites, trust
from sanban.base.ledger.tlog.signing import know
from sanban.base.ledger.tlog.trust import Trust, Witness

RENEW_AFTER: Final = timedelta(hours=1)
PATIENCE: Final = 3.0
"""Seconds after which a witness counts as silent."""
Reply = tuple[int, str]
Ask = Callable[[Witness, str], Reply]


@dataclass(frozen=True, slots=True)
class Said:
    """What a witness answered to one head: its line, or what was wrong."""

    witness: Witness
    line: str = ""
    at: int = 0
    fault: str = ""


def policy_path() -> Path:
    """Where the trust policy of this house is kept."""
    return Path(settings.SANBAN_WITNESSES)


def trusted() -> Trust | None:
    """The trust policy of this house, or nothing while none is written. BadPolicy when it cannot be read."""
    path = policy_path()
    return trust.read(path.read_text()) if path.exists() else None


def note_trust(actor: ActorLike, policy: Trust) -> None:
    """Record which witnesses count from now on, when that differs from what was recorded last."""
    bare = trust.text_of(policy)
    last = LedgerEvent.objects.filter(stream_type="ledger", kind=TrustSet.kind).order_by("-id").first()
    for _id, kept in contents([last.id] if last else []):
        if not isinstance(kept, Unread) and kept["policy"].body == canonical(bare):
            return
    now = clock.now()
    with writing(), transaction.atomic():
        for witness in policy.witnesses.values():
            know(witness.key, "witness", now)
        append(
            actor,
            TrustSet(policy=bare, count=len(policy.witnesses)),
            stream_id=new_id(),
            version=0,
            level=PUBLIC,
        )


def seal(policy: Trust, ask: Ask) -> int:
    """Show the newest head of each tree to the witnesses who have not signed it lately. How many were sealed now."""
    sealed = 0
    for log in suites.LOGS:
        for suite in merkle.SUITES:
            point = LedgerCheckpoint.objects.filter(log=log, suite=suite).order_by("-size").first()
            if point is not None:
                sealed += _show(policy, point, ask)
    return sealed


def _show(policy: Trust, point: LedgerCheckpoint, ask: Ask) -> bool:
    """Whether the head is sealed now and was not before."""
    fresh = clock.now() - RENEW_AFTER
    own = LedgerCosignature.objects.filter(log=point.log, suite=point.suite)
    have = set(own.filter(size=point.size, signed_at__gt=fresh).values_list("witness", flat=True))
    wanted = [one for one in policy.witnesses.values() if one.key.name not in have and one.url]
    if not wanted:
        return False
    known: dict[str, int] = dict(own.values_list("witness").annotate(Max("size")))
    bodies = {size: _body(point, size) for size in {known.get(one.key.name, 0) for one in wanted}}
    with ThreadPoolExecutor(len(wanted)) as pool:
        replies = list(pool.map(lambda one: _asked(ask, one, bodies[known.get(one.key.name, 0)]), wanted))
    said = [_heard(point, ask, one, reply) for one, reply in zip(wanted, replies, strict=True)]
    return _keep(policy, point, said)


def _asked(ask: Ask, witness: Witness, body: str) -> Reply:
    try:
        return ask(witness, body)
    except (OSError, http.client.HTTPException) as fault:
        return 0, f"{type(fault).__name__}: {fault}"


def _heard(point: LedgerCheckpoint, ask: Ask, witness: Witness, reply: Reply) -> Said:
    """The reply understood; a witness that names the size it knows is asked once more, with the proof from there."""
    status, text = reply
    told = text.strip()
    if status == 409 and told.isdecimal():
        if int(told) > point.size:
            return Said(witness, fault=f"409: it has signed a head of {told}, ours has {point.size}")
        status, text = _asked(ask, witness, _body(point, int(told)))
    if status != 200:
        return Said(witness, fault=f"{status}: {text.strip()}"[:200] if status else text[:200])
    try:
        found = notes.cosigned_by(text, point.note.rpartition("\n\n")[0] + "\n", [witness.key])
    except notes.BadNote as fault:
        return Said(witness, fault=str(fault)[:200])
    if found is None or found.at is None:
        return Said(witness, fault="it signed with another key")
    return Said(witness, text, found.at)


def _body(point: LedgerCheckpoint, old: int) -> str:
    """What is sent: the size the witness knows, the proof from there, and our signed head."""
    proof = heads.consistency(point.log, point.suite, old, point.size) if 0 < old < point.size else []
    lines = "".join(f"{b64encode(one).decode()}\n" for one in proof)
    return f"old {old}\n{lines}\n{point.note}"


def _keep(policy: Trust, point: LedgerCheckpoint, said: Sequence[Said]) -> bool:
    """Write down who signed and who did not; the head is sealed once enough have."""
    now, lines = clock.now(), [one for one in said if one.line]
    with writing(), transaction.atomic():
        for one in lines:
            LedgerCosignature.objects.update_or_create(
                log=point.log, suite=point.suite, size=point.size, witness=one.witness.key.name,
                defaults={"line": one.line, "signed_at": datetime.fromtimestamp(one.at, UTC)},
            )  # fmt: skip
        for one in said:
            told = {"fault": one.fault, "fault_at": now} if one.fault else {"answered_at": now, "fault": ""}
            LedgerWitness.objects.update_or_create(name=one.witness.name, defaults=told)
        if point.sealed_at is not None or not policy.sealed_by(signers(policy, point)):
            return False
        LedgerCheckpoint.objects.filter(pk=point.pk, sealed_at=None).update(sealed_at=now)
    return True


def signers(policy: Trust, point: LedgerCheckpoint) -> list[notes.Key]:
    """The keys of the witnesses that have signed this head."""
    rows = LedgerCosignature.objects.filter(log=point.log, suite=point.suite, size=point.size)
    names = set(rows.values_list("witness", flat=True))
    return [key for key in policy.keys if key.name in names]


def sealed_note(log: str, suite: str, least: int = 0) -> str | None:
    """The newest sealed head of a tree with at least so many leaves: our note and the witnesses' lines below it."""
    points = LedgerCheckpoint.objects.filter(log=log, suite=suite, size__gte=least, sealed_at__isnull=False)
    point = points.order_by("-size").first()
    if point is None:
        return None
    rows = LedgerCosignature.objects.filter(log=log, suite=suite, size=point.size).order_by("witness")
    return point.note + "".join(rows.values_list("line", flat=True))


class Doors:
    """Asks witnesses over HTTP, keeping each connection open."""

    def __init__(self) -> None:
        self._open: dict[str, http.client.HTTPConnection] = {}

    def __call__(self, witness: Witness, body: str) -> Reply:
        """Status and text. OSError or HTTPException when there is no answer in time."""
        parts = urlsplit(witness.url)
        for again in (True, False):
            line = self._open.pop(witness.url, None)
            used = line is not None
            if line is None:
                kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
                line = kind(parts.hostname or "", parts.port, timeout=PATIENCE)
            try:
                line.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body.encode())
                answer = line.getresponse()
                text = answer.read(65536).decode("utf-8", "replace")
            except (OSError, http.client.HTTPException):
                line.close()
                if used and again:
                    continue  # the witness had closed the line that was kept
                raise
            self._open[witness.url] = line
            return answer.status, text
        raise AssertionError("unreachable")
