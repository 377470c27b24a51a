"""The tree against vectors nobody here wrote, and against a tree that is written as the definition says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanban.base.ledger.tlog import merkle
from sanban.base.ledger.tlog.merkle import SUITES

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Certificate Transparency's own test tree (RFC 6962 implementations share it)."""


class Whole:
    """Every node of a tree, kept: the slow truth."""

    def __init__(self, suite, leaves):
        self.digest = SUITES[suite]
        self.hashes = [merkle.leaf_hash(self.digest, leaf) for leaf in leaves]

    def of(self, start, end):
        if end - start == 0:
            return self.digest(b"")
        if end - start == 1:
            return self.hashes[start]
        middle = start + merkle._split(end - start)
        return merkle.node_hash(self.digest, self.of(start, middle), self.of(middle, end))

    def read(self, height, index):
        assert (index + 1) << height <= len(self.hashes), "only perfect subtrees that exist are asked for"
        return self.of(index << height, (index + 1) << height)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_certificate_transparency(size):
    digest = SUITES["sha256"]
    peaks, gained = merkle.grow(digest, 0, [], LEAVES[:size])
    assert merkle.root_of(digest, peaks).hex() == ROOTS[size - 1]
    assert list(gained) == [0] and len(gained[0]) == size
    assert merkle.root_of(digest, []).hex().startswith("e3b0c442")


@pytest.mark.parametrize("suite", sorted(SUITES))
@given(sizes=st.lists(st.integers(0, 700), min_size=1, max_size=4))
def test_a_tree_grown_in_steps_is_the_tree_of_the_definition(suite, sizes):
    leaves = [bytes([n % 256, n // 256]) for n in range(sum(sizes))]
    whole, digest = Whole(suite, leaves), SUITES[suite]
    peaks: list[bytes] = []
    tiles: dict[int, list[bytes]] = {}
    size = 0
    for step in sizes:
        peaks, gained = merkle.grow(digest, size, peaks, leaves[size : size + step])
        size += step
        for height, hashes in gained.items():
            tiles.setdefault(height, []).extend(hashes)
    assert merkle.root_of(digest, peaks) == whole.of(0, size)
    assert merkle.peaks_of(whole.read, size) == peaks
    for height, hashes in tiles.items():
        assert hashes == [whole.read(height, n) for n in range(size >> height)]


@given(data=st.data(), size=st.integers(1, 300))
def test_every_inclusion_proof_holds_and_no_altered_one_does(data, size):
    whole, digest = Whole("sha256", [bytes([n % 256]) for n in range(size)]), SUITES["sha256"]
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = (
        merkle.inclusion_proof(digest, whole.read, index, size),
        whole.of(0, size),
        whole.hashes[index],
    )
    assert merkle.verify_inclusion(digest, leaf, index, size, proof, root)
    assert not merkle.verify_inclusion(digest, digest(leaf), index, size, proof, root)
    assert not merkle.verify_inclusion(digest, leaf, index, size, [*proof, leaf], root)
    assert not merkle.verify_inclusion(digest, leaf, size, size, proof, root)
    for n in range(len(proof)):
        broken = [*proof[:n], digest(proof[n]), *proof[n + 1 :]]
        assert not merkle.verify_inclusion(digest, leaf, index, size, broken, root)
        assert not merkle.verify_inclusion(digest, leaf, index, size, proof[:n] + proof[n + 1 :], root)


@given(data=st.data(), second=st.integers(1, 300))
def test_every_consistency_proof_holds_and_no_altered_one_does(data, second):
    whole, digest = Whole("sm3", [bytes([n % 256]) for n in range(second)]), SUITES["sm3"]
    first = data.draw(st.integers(1, second))
    proof = merkle.consistency_proof(digest, whole.read, first, second)
    roots = whole.of(0, first), whole.of(0, second)
    assert merkle.verify_consistency(digest, first, second, proof, *roots)
    assert not merkle.verify_consistency(digest, first, second, proof, digest(roots[0]), roots[1])
    assert not merkle.verify_consistency(digest, first, second, proof, roots[0], digest(roots[1]))
    assert not merkle.verify_consistency(digest, 0, second, proof, *roots)
    assert not merkle.verify_consistency(digest, first, second, [*proof, roots[0]], *roots)
    for n in range(len(proof)):
        broken = [*proof[:n], digest(proof[n]), *proof[n + 1 :]]
        assert not merkle.verify_consistency(digest, first, second, broken, *roots)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_place_outside_the_tree_has_no_proof(index, size):
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(SUITES["sha256"], lambda _h, _n: b"", index, size)
    with pytest.raises(ValueError, match="no proof"):
        merkle.consistency_proof(SUITES["sha256"], lambda _h, _n: b"", size + 1, size)
