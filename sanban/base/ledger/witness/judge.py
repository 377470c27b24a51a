"""What a witness answers to a new head: the checks of C2SP's add-checkpoint in their order, with their codes."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sanban.base import clock
from sanban.base.ledger.tlog import merkle, notes
from sanban.base.ledger.tlog.suites import suite_of
from sanban.base.ledger.witness.book import Book, Head

MOST_PROOF: Final = 63
PLAIN, SIZE, NOTE = "text/plain; charset=utf-8", "text/x.tlog.size", "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, body, and the kind of text it is."""

    status: int
    body: str
    kind: str = PLAIN


@dataclass(frozen=True, slots=True)
class Submission:
    """What was sent: from which size, the proof, and the signed note."""

    old: int
    proof: list[bytes]
    note: str


def add_checkpoint(book: Book, body: str, *, now: Callable[[], datetime] = clock.now) -> Answer:
    """Judge a submission and sign, or say why not. The new head is on the disk before the answer is made."""
    try:
        sent = read(body)
        point = notes.read_checkpoint(sent.note.rpartition("\n\n")[0] + "\n")
    except ValueError as fault:
        return Answer(400, f"{fault}\n")
    keys = book.followed().get(point.origin)
    if keys is None:
        return Answer(404, "this log is not followed here\n")
    try:
        notes.verified_by(sent.note, keys)
    except notes.BadNote as fault:
        return Answer(403, f"{fault}\n")
    if sent.old > point.size:
        return Answer(400, "the old size is above the new one\n")
    with book.turn(point.origin) as turn:
        refusal = _refusal(turn.head, sent, point)
        if refusal is not None:
            return refusal
        line = notes.cosign(point, book.name, book.private, int(now().timestamp()))
        turn.move(point.size, point.root, sent.note + line)
    return Answer(200, line, NOTE)


def latest(book: Book, origin: str) -> Answer:
    """The latest head of a log that was signed here, with both signatures: what others compare with their own."""
    head = book.head(origin)
    return Answer(200, head.note, NOTE) if head is not None else Answer(404, "nothing was signed here\n")


def read(body: str) -> Submission:
    """The parts of a submission. ValueError when it is none."""
    top, gap, note = body.partition("\n\n")
    first, *lines = top.split("\n")
    word, _blank, old = first.partition(" ")
    if word != "old" or not gap or not old.isascii() or not old.isdecimal() or str(int(old)) != old:
        raise ValueError("the first line is not “old” and a size")
    if len(lines) > MOST_PROOF:
        raise ValueError("the proof is too long")
    try:
        proof = [base64.b64decode(line, validate=True) for line in lines]
    except binascii.Error as fault:
        raise ValueError("the proof is not base64") from fault
    return Submission(int(old), proof, note)


def _refusal(head: Head | None, sent: Submission, point: notes.Checkpoint) -> Answer | None:
    """Why this head does not follow the one signed before; nothing when it does."""
    size, root = (head.size, head.root) if head is not None else (0, b"")
    if sent.old != size:
        return Answer(409, f"{size}\n", SIZE)
    if size == point.size and head is not None:
        if root != point.root:
            return Answer(409, f"{size}\n", SIZE)
        return None if not sent.proof else Answer(422, "the same head needs no proof\n")
    digest = merkle.SUITES[suite_of(point.origin)]
    if size == 0:
        held = not sent.proof and (point.size > 0 or point.root == digest(b""))
    else:
        held = merkle.verify_consistency(digest, size, point.size, sent.proof, root, point.root)
    return None if held else Answer(422, "the proof does not hold\n")
