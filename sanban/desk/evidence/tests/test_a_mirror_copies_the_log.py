"""Tiles over HTTP: who copies them alone has the tree that was signed; addresses mean one tile each."""

import hashlib
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tlog_scales import tlog as scales

from sanban.base.ledger.envelope import sm3
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.tests import units
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog import merkle, mirroring, notes, sequencer
from sanban.base.ledger.tlog.tiles import path_of

pytestmark = pytest.mark.django_db
COUNT = 300


@pytest.fixture
def house(settings: Any, tmp_path: Path) -> Client:
    """Three hundred acts, sealed; and nobody signed in."""
    watch = Watch(tmp_path, settings)
    for n in range(COUNT):
        units.make_unit(f"u{n}")
    watch.seal()
    return Client()


def _leaves(client: Client, suite: str, size: int) -> list[bytes]:
    found: list[bytes] = []
    while len(found) < size:
        left, n = size - len(found), len(found) // 256
        ending = "" if left >= 256 else f".p/{left}"
        body = client.get(f"/log/ledger/{suite}/tile/entries/{path_of(n)}{ending}").content
        assert len(body) == 67 * min(left, 256)
        found += [body[at + 2 : at + 67] for at in range(0, len(body), 67)]
    return found


@pytest.mark.parametrize(("suite", "digest"), list(merkle.SUITES.items()))
def test_the_copied_leaves_grow_to_the_signed_head(house: Client, suite: str, digest: Any) -> None:
    note = house.get(f"/log/ledger/{suite}/checkpoint").content.decode()
    origin, size, root = note.splitlines()[:3]
    point = notes.Checkpoint(origin, int(size), b64decode(root))
    assert point.size == COUNT and note.count("\n— ") >= 4
    leaves = _leaves(house, suite, point.size)
    peaks, _gained = merkle.grow(digest, 0, [], leaves)
    assert merkle.root_of(digest, peaks) == point.root
    hashes = house.get(f"/log/ledger/{suite}/tile/0/000").content
    assert hashes == b"".join(digest(b"\x00" + one) for one in leaves[:256])
    assert house.get(f"/log/ledger/{suite}/tile/1/000.p/1").content == merkle.root_of(
        digest, merkle.grow(digest, 0, [], leaves[:256])[0]
    )


def test_another_program_proves_from_the_copied_tiles(house: Client) -> None:
    point = scales.Checkpoint.from_text(house.get("/log/ledger/sha256/checkpoint").content.decode())
    leaves = _leaves(house, "sha256", COUNT)
    whole, part = (
        house.get(f"/log/ledger/sha256/tile/0/{path}").content for path in ("000", f"001.p/{COUNT - 256}")
    )
    nodes = [(whole + part)[at : at + 32] for at in range(0, 32 * COUNT, 32)]
    for index in (0, 255, 256, 299):
        proof = scales.InclusionProof(index, COUNT, _path(index, nodes))
        proof.check(hashlib.sha256(b"\x00" + leaves[index]).digest(), point.root_hash)
        with pytest.raises(scales.InclusionProofInvalid):
            proof.check(hashlib.sha256(b"\x00" + leaves[index - 1]).digest(), point.root_hash)


def _half(nodes: list[bytes]) -> int:
    return 1 << ((len(nodes) - 1).bit_length() - 1)


def _root(nodes: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, over hashes of leaves."""
    if len(nodes) == 1:
        return nodes[0]
    k = _half(nodes)
    return hashlib.sha256(b"\x01" + _root(nodes[:k]) + _root(nodes[k:])).digest()


def _path(index: int, nodes: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1."""
    if len(nodes) == 1:
        return []
    k = _half(nodes)
    if index < k:
        return [*_path(index, nodes[:k]), _root(nodes[k:])]
    return [*_path(index - k, nodes[k:]), _root(nodes[:k])]


def test_a_full_tile_may_be_kept_and_a_growing_one_not(house: Client) -> None:
    full, part = (house.get(f"/log/ledger/sha256/tile/0/{path}") for path in ("000", "001.p/44"))
    assert "immutable" in full["Cache-Control"] and part["Cache-Control"] == "no-store"
    units.make_unit("later")
    sequencer.integrate()
    assert house.get("/log/ledger/sha256/tile/0/001.p/44").content == part.content
    assert len(house.get("/log/ledger/sha256/tile/0/001.p/45").content) == 45 * 32


@pytest.mark.parametrize("path", [
    "0/001", "0/001.p/45", "0/000.p/256", "0/x000/000", "0/0", "entries/001.p/45", "64/000", "0/000.p/0", "x/000",
    "0/000/",
])  # fmt: skip
def test_what_is_not_there_or_no_address_is_not_found(house: Client, path: str) -> None:
    assert house.get(f"/log/ledger/sha256/tile/{path}").status_code == 404
    assert house.get("/log/other/sha256/checkpoint").status_code == 404
    assert house.get("/log/ledger/md5/checkpoint").status_code == 404
    assert house.post("/log/ledger/sha256/checkpoint").status_code == 405


def test_leaves_tell_nothing_of_what_was_done(house: Client) -> None:
    event = LedgerEvent.objects.order_by("id")[0]
    assert bytes(event.envelope) not in b"".join(_leaves(house, "sha256", COUNT))
    assert _leaves(house, "sha256", COUNT)[0][:1] == b"\x01"
    assert _leaves(house, "sha256", COUNT)[0][33:] == sm3(bytes(event.salt) + bytes(event.envelope))


def test_a_number_has_one_address() -> None:
    assert mirroring.place_of("0/x001/x234/067") == mirroring.Place(0, 1234067, 256)
    assert mirroring.place_of("entries/999.p/255") == mirroring.Place(None, 999, 255)
