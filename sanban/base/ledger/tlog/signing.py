"""Signing the heads of both trees of each log, and changing the keys they are signed with."""

from base64 import b64encode
from datetime import datetime

from django.conf import settings
from django.db import transaction

from sanban.base import clock
from sanban.base.ledger.act import act, writing
from sanban.base.ledger.events import KeyAnnounced
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import PUBLIC, ActorLike, append
from sanban.base.ledger.models import LedgerCheckpoint, LedgerKey
from sanban.base.ledger.tlog import merkle, notes, sm2, suites
from sanban.base.ledger.tlog.heads import head, origin_of
from sanban.base.ledger.tlog.keys import BOTH_SIGN_FOR, keys, note_purpose


def key_suite(suite: str) -> str:
    """What the next signing key of a tree will be: SM2 for the SM3 tree where SANBAN_SM3_KEY says so."""
    return settings.SANBAN_SM3_KEY if suite == suites.SM3 else notes.ED25519


def sign_heads() -> list[str]:
    """Sign the head of each tree that has grown since its last checkpoint. The new notes.

    Missing when a key is SM2 and the extra is not installed, after the other trees were signed.
    """
    grown = [(log, suite, *head(log, suite)) for log in suites.LOGS for suite in merkle.SUITES]
    signed = set(
        LedgerCheckpoint.objects.filter(size__in=[size for *_tree, size, _peaks in grown]).values_list(
            "log", "suite", "size"
        )
    )
    made, missing = [], None
    for log, suite, size, peaks in grown:
        if size and (log, suite, size) not in signed:
            try:
                made.append(_sign(log, suite, size, merkle.root_of(merkle.SUITES[suite], peaks)))
            except sm2.Missing as fault:
                missing = fault
    if missing is not None:
        raise missing
    return made


def _sign(log: str, suite: str, size: int, root: bytes) -> str:
    now, point = clock.now(), notes.Checkpoint(origin_of(log, suite), size, root)
    with writing(), transaction.atomic():
        note = notes.sign(point.text(), point.origin, *_signers(log, suite, now))
        LedgerCheckpoint.objects.get_or_create(
            log=log, suite=suite, size=size, defaults={"root": root, "note": note, "made_at": now}
        )
    return note


def log_keys() -> list[notes.Key]:
    """The keys that sign now for the trees of our logs, newest of each tree first."""
    now = clock.now()
    with writing(), transaction.atomic():
        return [
            notes.log_key(origin_of(log, suite), private)
            for log in suites.LOGS
            for suite in merkle.SUITES
            for private in _signers(log, suite, now)
        ]


def _signers(log: str, suite: str, now: datetime) -> list[notes.PrivateKey]:
    """The keys of a tree that are not over, each noted as one of ours; newest first."""
    purpose, origin = note_purpose(log, suite), origin_of(log, suite)
    held = keys().signing_keys(purpose, key_suite(suite))
    privates = {notes.log_key(origin, private).short: private for private in held}
    noted = dict(LedgerKey.objects.filter(key_id__in=privates).values_list("key_id", "valid_to"))
    for short in privates.keys() - noted.keys():
        know(notes.log_key(origin, privates[short]), purpose, now)
    return [private for short, private in privates.items() if (noted.get(short) or now) >= now]


def know(key: notes.Key, purpose: str, at: datetime) -> None:
    """Keep a public key for ever."""
    LedgerKey.objects.get_or_create(
        key_id=key.short,
        defaults={
            "name": key.name, "purpose": purpose, "suite": notes.SUITES[key.kind], "public": key.public,
            "valid_from": at,
        },
    )  # fmt: skip


def known_keys() -> list[notes.Key]:
    """Every public key there ever was."""
    kinds = {suite: kind for kind, suite in notes.SUITES.items()}
    return [notes.Key(row.name, kinds[row.suite], bytes(row.public)) for row in LedgerKey.objects.all()]


def signed_with(suite: str) -> dict[str, list[str]]:
    """By log, what the newest head of this tree is signed with; every signature is checked now. Three queries.

    Nothing stands for a head whose signature does not hold or cannot be checked here; a log without a head is left out.
    """
    known, found = known_keys(), dict[str, list[str]]()
    for log in suites.LOGS:
        point = LedgerCheckpoint.objects.filter(log=log, suite=suite).order_by("-size").first()
        if point is not None:
            try:
                signed = notes.verified_by(point.note, known)[1]
            except notes.BadNote:
                signed = []
            found[log] = [notes.SUITES[one.key.kind] for one in signed]
    return found


@act
def rotate(actor: ActorLike, *, log: str, suite: str) -> notes.Key:
    """Announce the next signing key of a tree: old and new sign each other, and both sign heads for thirty days.

    The next key is of the suite that is set (`key_suite`), whatever the one before it was. Missing, with nothing
    written, when one of the two is SM2 and the extra is not installed.
    """
    now, purpose, origin = clock.now(), note_purpose(log, suite), origin_of(log, suite)
    before = _signers(log, suite, now)[0]
    after = keys().add_key(purpose, key_suite(suite))
    old, new = notes.log_key(origin, before), notes.log_key(origin, after)
    event = KeyAnnounced(
        purpose=purpose,
        key=new.text(),
        before=old.text(),
        by_before=b64encode(before.sign(new.text().encode())).decode(),
        by_key=b64encode(after.sign(old.text().encode())).decode(),
    )
    entry = append(actor, event, stream_id=new_id(), version=0, level=PUBLIC)
    know(new, purpose, now)
    LedgerKey.objects.filter(key_id=new.short).update(announced_by_event=entry.id)
    LedgerKey.objects.filter(key_id=old.short).update(valid_to=now + BOTH_SIGN_FOR)
    return new
