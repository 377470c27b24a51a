"""Gathering what the checks look at, and running them: for administrators and the supervision office."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Count, Max
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access import dbroles
from sanban.base.access.actor import INTERNAL, Actor
from sanban.base.access.models import AccessRecord
from sanban.base.label.queries import grading
from sanban.base.ledger import guards
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.models import LedgerContent, LedgerEvent, LedgerHead
from sanban.base.ledger.queries import last_audit, log_heads, oldest_waiting, watchers
from sanban.base.ledger.resealing import in_clear
from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.ledger.tlog import signing
from sanban.base.ledger.tlog.suites import SM3
from sanban.base.people.queries.checkup import accounts
from sanban.base.vault.boxes import RING, keyring
from sanban.base.watch.models import Refusal
from sanban.desk.compliance import drills
from sanban.desk.compliance.controls import CONTROLS, Control
from sanban.desk.compliance.seen import Audit, Content, Look, Reads, Seen

MAY_LOOK: Final = ("admin", "security", "auditor", "supervisor", "signer")
MET, PARTLY, NOT_MET, APART = "met", "partly", "not_met", "apart"
HALF_YEAR: Final = timedelta(days=180)
NEWEST: Final = 300
"""So many of the newest contents are looked at: what is sealed wrongly is sealed wrongly now."""


@dataclass(frozen=True, slots=True)
class Result:
    """One control: how it stands, and each look with what was seen."""

    control: Control
    state: str
    looks: list[Look]


@dataclass(frozen=True, slots=True)
class Review:
    """All controls by the part of the standards that they are of, how many stand how, and when it was looked."""

    at: datetime
    families: list[tuple[str | Promise, list[Result]]]
    counts: dict[str, int]


def review(*, actor: Actor) -> Review:
    """Look at everything now. A fixed number of queries; long work is not done again, its last result is read."""
    if not actor.has(*MAY_LOOK):
        raise Denied(_("合规自检只供系统、安全、审计管理员和督查办查看。"))
    seen = _gather(actor)
    found = [_result(control, [look(seen) for look in control.looks]) for control in CONTROLS]
    families = [(title, list(part)) for title, part in groupby(found, key=lambda one: one.control.family)]
    told = Counter(one.state for one in found)
    return Review(seen.at, families, {state: told[state] for state in (MET, PARTLY, NOT_MET, APART)})


def _result(control: Control, looks: list[Look]) -> Result:
    """Met when all that applies holds, not met when nothing of it does."""
    said = [look.held for look in looks if look.held is not None]
    state = APART if not said else MET if all(said) else PARTLY if any(said) else NOT_MET
    return Result(control, state, looks)


def _gather(actor: Actor) -> Seen:
    now = clock.now()
    with standing_as(MACHINE):  # counts and instants of all rows, nothing of what they hold
        refusals = Refusal.objects.filter(at__gte=now - HALF_YEAR)
        refused = refusals.aggregate(count=Count("pk"), newest=Max("at"))
        sizes: dict[str, dict[str, int]] = {}
        for log, suite, size in LedgerHead.objects.values_list("log", "suite", "size"):
            sizes.setdefault(log, {})[suite] = size
        return Seen(
            at=now,
            accounts=accounts(actor=actor),
            guards_missing=guards.missing(),
            role_faults=dbroles.faults(),
            walled=True if connection.vendor == "postgresql" else None,
            heads=log_heads(actor=actor),
            sizes=sizes,
            sm3_signed=signing.signed_with(SM3),
            waiting=oldest_waiting(actor=actor),
            witnesses=watchers(actor=actor),
            audit=_audit(actor),
            reads=_reads(now),
            refusals=(refused["count"], refused["newest"]),
            contents=_contents(),
            words_in_clear=in_clear(),
            promised=_promised(),
            grants=LedgerEvent.objects.filter(kind="people.role_granted", stream_type="role_grant").count(),
            keys=keyring().status(),
            retired=[since for _id, since in keyring().retired()],
            open_keys=_open_keys(),
            grading=grading(actor=actor),
            backup=drills.latest(drills.BACKUP),
            rehearsal=drills.latest(drills.REHEARSAL),
        )


def _audit(actor: Actor) -> Audit | None:
    made = last_audit(actor=actor)
    if made is None:
        return None
    return Audit(made.at, made.events, len(made.faults), [one["table"] for one in made.differences])


def _reads(now: datetime) -> Reads:
    """The span of the read log, since when rows wait for their seal, and how many gaps there are."""
    rows = AccessRecord.objects.order_by("at")
    oldest = rows.values_list("at", flat=True).first()
    loose = AccessRecord.objects.filter(batch_id=None).order_by("id").values_list("at", flat=True).first()
    gaps = rows.filter(how="gap", at__gte=now - HALF_YEAR).count()
    return Reads(oldest, loose, gaps)


def _contents() -> list[Content]:
    """Level and key of the newest contents that need one."""
    rows = LedgerContent.objects.filter(event__label__gte=INTERNAL).order_by("-event_id")
    return [Content(*row) for row in rows.values_list("event__label", "dek_id")[:NEWEST]]


def _promised() -> tuple[bytes, int, bool] | None:
    """The newest event: its envelope, its label, and whether the house signed a promise for it."""
    rows = LedgerEvent.objects.order_by("-id").values_list("envelope", "label", "promise")
    found = rows.first()
    return (bytes(found[0]), found[1], found[2] is not None) if found else None


def _open_keys() -> tuple[int, list[str]]:
    """How many files of keys there are, and the names of those that others on the machine may read."""
    home = Path(settings.SANBAN_VAR)
    places = [home / "keys", *settings.SANBAN_KEY_SHARES]
    files = [path for place in places if place.is_dir() for path in place.rglob("*") if path.is_file()]
    files += [path for name in ("secret-key", RING) if (path := home / name).exists()]
    return len(files), sorted(path.name for path in files if path.stat().st_mode & 0o077)
