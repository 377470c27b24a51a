"""The trust policy: groups in groups, what makes a head sealed, and every line that cannot be."""

import itertools

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey

from sanban.base.ledger.tlog import notes, trust
from sanban.base.ledger.tlog.trust import BadPolicy, Witness

LOG = notes.log_key("a.example/ledger", Ed25519PrivateKey.from_private_bytes(b"l" * 32))
KEYS = [
    notes.witness_key(f"w.example/{n}", MLDSA44PrivateKey.from_seed_bytes(bytes([n]) * 32)) for n in range(5)
]


def _policy(*lines):
    said = [f"witness W{n} {key.text()}" for n, key in enumerate(KEYS)]
    return "\n".join([f"log {LOG.text()}", *said, *lines, ""])


def test_three_of_four_are_enough_and_two_never_are():
    offices = [Witness(f"w{n}", key, "http://127.0.0.1:1") for n, key in enumerate(KEYS[:4])]
    text = trust.write([LOG], offices, 3)
    made = trust.read(text)
    assert made.logs == [LOG] and list(made.witnesses.values()) == offices
    for count in range(5):
        for signers in itertools.combinations(KEYS[:4], count):
            assert made.sealed_by(signers) is (count >= 3)
    assert not made.sealed_by([*KEYS[:2], KEYS[4]])
    bare = trust.text_of(made)
    assert "http" not in bare and trust.read(bare).sealed_by(KEYS[1:4])


def test_groups_may_hold_groups():
    made = trust.read(
        _policy(
            "# two offices and one outside",
            "group in 2 W0 W1 W2",
            "group out any W3 W4",
            "group both all in out",
            "quorum both",
        )
    )
    assert made.sealed_by([KEYS[0], KEYS[2], KEYS[4]])
    assert not made.sealed_by(KEYS[:3]) and not made.sealed_by([KEYS[0], KEYS[3], KEYS[4]])
    assert trust.read(_policy("quorum W1")).sealed_by([KEYS[1]])
    assert trust.read("quorum none\n").sealed_by([])


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ((), "no quorum"),
        (("quorum W9",), "W9 is not known"),
        (("quorum W0", "quorum W1"), "a quorum already"),
        (("group a 3 W0 W1", "quorum a"), "3 of 2"),
        (("group a 0 W0 W1", "quorum a"), "0 of 2"),
        (("group a x W0", "quorum a"), "invalid literal"),
        (("group a any W0", "group b any W0", "quorum b"), "W0 is in a group already"),
        (("group W0 any W1", "quorum W0"), "W0 is named already"),
        (("group none any W1", "quorum none"), "none is named already"),
        (("group a any b", "group b any W0", "quorum a"), "b is not known"),
        ((f"witness W9 {KEYS[0].text()}", "quorum W9"), "another witness"),
        ((f"log {LOG.text()}", "quorum W0"), "another log"),
        ((f"witness W9 {LOG.text()}", "quorum W9"), "another witness"),
        (("mirror W0", "quorum W0"), "mirror is not understood"),
    ],
)
def test_a_line_that_cannot_be_is_named(lines, says):
    with pytest.raises(BadPolicy, match=says) as told:
        trust.read(_policy(*lines))
    if lines:
        assert str(told.value).startswith("line ")
