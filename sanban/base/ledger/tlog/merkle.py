"""The Merkle tree of RFC 9162 (RFC 6962 before it), over either hash: growing, proving, verifying.

A node is named by its height and its index there; `Read` gives the hash of a perfect subtree that exists.
A proof is a list of hashes from the leaf upwards. Verifiers answer True or False and never raise on bad proofs.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from sanban.base.ledger.envelope import sha256, sm3

Digest = Callable[[bytes], bytes]
Read = Callable[[int, int], bytes]
SUITES: Final[dict[str, Digest]] = {"sha256": sha256, "sm3": sm3}
SIZE: Final = 32
"""Bytes of a hash, in both suites."""
HALF: Final = 4
TILE_HEIGHT: Final = 2 * HALF
"""Nodes are kept at every eighth height, in tiles, and beside them at the height halfway between."""


def cut(data: bytes) -> list[bytes]:
    """The hashes that stand one after the other in a tile or a frontier."""
    return [data[at : at + SIZE] for at in range(0, len(data), SIZE)]


def leaf_hash(digest: Digest, leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return digest(b"\x00" + leaf)


def node_hash(digest: Digest, left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return digest(b"\x01" + left + right)


def grow(
    digest: Digest, size: int, peaks: Sequence[bytes], leaves: Iterable[bytes]
) -> tuple[list[bytes], dict[int, list[bytes]]]:
    """Append leaves to a tree of so many, known by its peaks (the roots of its perfect subtrees, largest first).

    Gives the new peaks, and by height the new nodes at every height that is kept.
    """
    stack, ground = list(peaks), list[bytes]()
    gained = {0: ground}
    for leaf in leaves:
        made, below, height = digest(b"\x00" + leaf), size, 0
        ground.append(made)
        while below & 1:
            made, below, height = digest(b"\x01" + stack.pop() + made), below >> 1, height + 1
            if height % HALF == 0:
                gained.setdefault(height, []).append(made)
        stack.append(made)
        size += 1
    return stack, gained


def root_of(digest: Digest, peaks: Sequence[bytes]) -> bytes:
    """The root over the peaks; of no leaves, the hash of nothing."""
    if not peaks:
        return digest(b"")
    made = peaks[-1]
    for peak in reversed(peaks[:-1]):
        made = node_hash(digest, peak, made)
    return made


def peaks_of(read: Read, size: int) -> list[bytes]:
    """The peaks of the first `size` leaves, largest first."""
    found, start = [], 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            found.append(read(height, start >> height))
            start += 1 << height
    return found


def _range(digest: Digest, read: Read, start: int, end: int) -> bytes:
    """The root of the leaves from `start` to before `end`, where `start` begins a subtree at least as large."""
    peaks = []
    while start < end:
        height = (end - start).bit_length() - 1
        peaks.append(read(height, start >> height))
        start += 1 << height
    return root_of(digest, peaks)


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def inclusion_proof(digest: Digest, read: Read, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size` leaves. ValueError for a place outside it."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path, start, end = list[bytes](), 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range(digest, read, middle, end))
            end = middle
        else:
            path.append(_range(digest, read, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(digest: Digest, read: Read, first: int, second: int) -> list[bytes]:
    """The proof that the tree of `first` leaves begins the tree of `second`. ValueError unless 0 < first <= second."""
    if not 0 < first <= second:
        raise ValueError(f"no proof from {first} to {second}")
    path, start, end, whole = list[bytes](), 0, second, True
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            path.append(_range(digest, read, middle, end))
            end = middle
        else:
            path.append(_range(digest, read, start, middle))
            start, whole = middle, False
    return [*([] if whole else [_range(digest, read, start, end)]), *path[::-1]]


def verify_inclusion(
    digest: Digest, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf with this hash is leaf `index` of the tree with this size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(one) != SIZE for one in (leaf, root, *proof)):
        return False
    place, last, made = index, size - 1, leaf
    for one in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(digest, one, made)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            made = node_hash(digest, made, one)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def verify_consistency(
    digest: Digest, first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Whether the first tree begins the second (RFC 9162, 2.1.4.2). A tree of no leaves proves nothing: False."""
    if not 0 < first <= second or any(len(one) != SIZE for one in proof):
        return False
    if first == second:
        return not proof and first_root == second_root
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(digest, one, old), node_hash(digest, one, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(digest, new, one)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
