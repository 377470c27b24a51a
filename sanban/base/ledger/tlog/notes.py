"""Signed notes and checkpoints, as C2SP writes them: signed-note, tlog-checkpoint (Ed25519, type 0x01).

A note is a text that ends with a newline, an empty line, and a line a signature: `— name base64(id ‖ signature)`.
The id is the first 4 bytes of SHA-256(name ‖ newline ‖ type ‖ key); `name+id+base64(type ‖ key)` is a verifier key.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sanban.base.ledger.envelope import sha256

ED25519: Final = b"\x01"
_DASH: Final = "— "


class BadNote(ValueError):
    """The text is no note, or nobody we know has signed it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a log as a text: whose, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def key_id(name: str, public: bytes) -> bytes:
    """Four bytes that find the key of a signature."""
    return sha256(name.encode() + b"\n" + ED25519 + public)[:4]


def verifier_key(name: str, public: bytes) -> str:
    """The key as a text that others keep."""
    return f"{name}+{key_id(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def read_verifier_key(text: str) -> tuple[str, bytes]:
    """Name and public key. BadNote when the text is not one or its id does not belong to it."""
    name, _plus, rest = text.partition("+")
    told, _plus, body = rest.partition("+")
    try:
        key = base64.b64decode(body, validate=True)
    except binascii.Error as fault:
        raise BadNote("not a verifier key") from fault
    if not name or key[:1] != ED25519 or len(key) != 33 or told != key_id(name, key[1:]).hex():
        raise BadNote("not a verifier key")
    return name, key[1:]


def sign(text: str, name: str, private: Ed25519PrivateKey) -> str:
    """The text with one signature line below it."""
    if not text.endswith("\n"):
        raise BadNote("the text of a note ends with a newline")
    public = private.public_key().public_bytes_raw()
    line = base64.b64encode(key_id(name, public) + private.sign(text.encode())).decode()
    return f"{text}\n{_DASH}{name} {line}\n"


def verified_by(note: str, keys: dict[str, bytes]) -> tuple[str, list[str]]:
    """The text of a note and the names of those whose signature holds.

    `keys` maps names to public keys. A line of an unknown key is passed over, a wrong one of a known key refuses the
    note. BadNote as well when nobody known has signed.
    """
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise BadNote("not a signed note")
    text += "\n"
    found = []
    for line in lines[:-1].split("\n"):
        name, _blank, body = line.removeprefix(_DASH).partition(" ")
        try:
            packed = base64.b64decode(body, validate=True)
        except binascii.Error as fault:
            raise BadNote("not a signed note") from fault
        if not line.startswith(_DASH) or not name or len(packed) < 5:
            raise BadNote("not a signed note")
        public = keys.get(name)
        if public is None or packed[:4] != key_id(name, public):
            continue
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(packed[4:], text.encode())
        except InvalidSignature as fault:
            raise BadNote(f"the signature of {name} does not hold") from fault
        found.append(name)
    if not found:
        raise BadNote("nobody known has signed")
    return text, found


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint in the text of a note; lines below the third are passed over. BadNote when it is none."""
    lines = text.split("\n")
    try:
        origin, size, root = lines[0], lines[1], base64.b64decode(lines[2], validate=True)
    except (IndexError, binascii.Error) as fault:
        raise BadNote("not a checkpoint") from fault
    if not origin or not size.isdecimal() or str(int(size)) != size or len(root) != 32 or lines[-1]:
        raise BadNote("not a checkpoint")
    return Checkpoint(origin, int(size), root)
