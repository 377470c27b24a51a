"""Signed notes, checkpoints and cosignatures, as C2SP writes them (signed-note, tlog-checkpoint, tlog-cosignature).

A note is a text that ends with a newline, an empty line, and a line a signature: `— name base64(id ‖ signature)`.
The id is the first 4 bytes of SHA-256(name ‖ newline ‖ kind ‖ key); `name+id+base64(kind ‖ key)` is a verifier key.
SM2 has no kind of its own there: such a line is of the kind 0xff with the object identifier of SM2-with-SM3 after it.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from sanban.base.ledger.envelope import sha256
from sanban.base.ledger.tlog import sm2

LOG: Final = b"\x01"
LOG_SM2: Final = b"\xffoid/1.2.156.10197.1.501"
COSIGN_ED25519: Final = b"\x04"
COSIGN_MLDSA: Final = b"\x06"
LOGS: Final = frozenset({LOG, LOG_SM2})
"""The kinds that sign for a log; the others are a witness's."""
ED25519, SM2 = "ed25519", "sm2"
KEY_SIZES: Final = {LOG: 32, LOG_SM2: sm2.PUBLIC_BYTES, COSIGN_ED25519: 32, COSIGN_MLDSA: 1312}
SUITES: Final = {
    LOG: ED25519, LOG_SM2: SM2, COSIGN_ED25519: "ed25519-cosignature", COSIGN_MLDSA: "ml-dsa-44-cosignature",
}  # fmt: skip
PrivateKey = Ed25519PrivateKey | sm2.PrivateKey
"""What signs for a log."""
_DASH: Final = "— "


class BadNote(ValueError):
    """The text is no note, or nobody we know has signed it."""


class Unchecked(BadNote):
    """A key we know is named under the note, and this machine cannot check what it signs with."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log as a text: whose, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with the name it signs under, and which kind of signature it makes."""

    name: str
    kind: bytes
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that find the key of a signature."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public)[:4]

    @property
    def short(self) -> str:
        """Name and id: enough to find the key again, too little to verify with."""
        return f"{self.name}+{self.id.hex()}"

    def text(self) -> str:
        """The verifier key that others keep."""
        return f"{self.short}+{base64.b64encode(self.kind + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, and for a cosignature when (seconds since 1970)."""

    key: Key
    at: int | None


def read_key(text: str) -> Key:
    """The key in its text. BadNote when it is none of ours or its id does not belong to it."""
    name, _plus, rest = text.partition("+")
    told, _plus, body = rest.partition("+")
    packed = _unpacked(body, "not a verifier key")
    kind = next((kind for kind in KEY_SIZES if packed.startswith(kind)), b"")
    key = Key(name, kind, packed[len(kind) :])
    if not name or len(key.public) != KEY_SIZES.get(key.kind) or told != key.id.hex():
        raise BadNote("not a verifier key")
    return key


def log_key(name: str, private: PrivateKey) -> Key:
    """The public half of a log's signing key."""
    kind = LOG_SM2 if isinstance(private, sm2.PrivateKey) else LOG
    return Key(name, kind, private.public_key().public_bytes_raw())


def witness_key(name: str, private: MLDSA44PrivateKey) -> Key:
    """The public half of a witness's key."""
    return Key(name, COSIGN_MLDSA, private.public_key().public_bytes_raw())


def sign(text: str, name: str, *privates: PrivateKey) -> str:
    """The text with a signature line of each key below it."""
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends with a newline")
    lines = [_line(log_key(name, private), private.sign(text.encode())) for private in privates]
    return f"{text}\n{''.join(lines)}"


def cosign(point: Checkpoint, name: str, private: MLDSA44PrivateKey, at: int) -> str:
    """One line: this witness saw, at this second, that the log grew to this head and nothing before it changed."""
    stamp = at.to_bytes(8, "big")
    return _line(witness_key(name, private), stamp + private.sign(_cosigned(point, name, stamp)))


def cosigned_by(line: str, text: str, keys: Iterable[Key]) -> Signature | None:
    """Who made this cosignature of a checkpoint's text, if one of these keys did. BadNote when it does not hold."""
    found = verified_by(f"{text}\n{line}", keys, nobody=True)[1]
    return found[0] if found else None


def verified_by(note: str, keys: Iterable[Key], *, nobody: bool = False) -> tuple[str, list[Signature]]:
    """The text of a note and the signatures of these keys below it.

    A line of an unknown key is passed over, a wrong one of a known key refuses the note, and so does one that cannot be
    checked here. BadNote as well when nobody known has signed, unless that is allowed.
    """
    known = {(key.name, key.id): key for key in keys}
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("not a signed note")
    text += "\n"
    found = []
    for line in lines[:-1].split("\n"):
        name, _blank, body = line.removeprefix(_DASH).partition(" ")
        packed = _unpacked(body, "not a signed note")
        if not line.startswith(_DASH) or not name or len(packed) < 5:
            raise BadNote("not a signed note")
        key = known.get((name, packed[:4]))
        if key is not None:
            found.append(_checked(key, packed[4:], text))
    if not found and not nobody:
        raise BadNote("nobody known has signed")
    return text, found


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in the text of a note; lines below the third are passed over. BadNote when it is none."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1]:
        raise BadNote("not a checkpoint")
    origin, size, root = lines[0], lines[1], _unpacked(lines[2], "not a checkpoint")
    if not origin or not size.isdecimal() or str(int(size)) != size or len(root) != 32:
        raise BadNote("not a checkpoint")
    return Checkpoint(origin, int(size), root)


def _checked(key: Key, body: bytes, text: str) -> Signature:
    """The signature, once it was verified."""
    stamp, signature = (b"", body) if key.kind in LOGS else (body[:8], body[8:])
    try:
        if key.kind == LOG_SM2:
            if not sm2.PublicKey(key.public).holds(signature, text.encode()):
                raise InvalidSignature
        elif key.kind == COSIGN_MLDSA:
            message = _cosigned(read_checkpoint(text), key.name, stamp)
            MLDSA44PublicKey.from_public_bytes(key.public).verify(signature, message)
        else:
            head = f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n" if stamp else ""
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, (head + text).encode())
    except sm2.Missing as fault:
        raise Unchecked(
            f"the signature of {key.name} is SM2, which cannot be checked here: pip install gmssl-pyx"
        ) from fault
    except (InvalidSignature, OverflowError) as fault:
        raise BadNote(f"the signature of {key.name} does not hold") from fault
    return Signature(key, int.from_bytes(stamp, "big") if key.kind not in LOGS else None)


def _cosigned(point: Checkpoint, name: str, stamp: bytes) -> bytes:
    """What an ML-DSA-44 cosignature signs: the whole tree of this size, under both names, at this second."""
    who, origin = name.encode(), point.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0", bytes([len(who)]), who, stamp.rjust(8, b"\0"), bytes([len(origin)]), origin,
            bytes(8), point.size.to_bytes(8, "big"), point.root,
        )
    )  # fmt: skip


def _line(key: Key, signature: bytes) -> str:
    return f"{_DASH}{key.name} {base64.b64encode(key.id + signature).decode()}\n"


def _unpacked(text: str, otherwise: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadNote(otherwise) from fault
