"""Run on a copy of load data: every waiting event gets its place; then proofs from the stored tiles."""

import json
import os
import random
import sys
import time

import django

django.setup()

from django.db import transaction  # noqa: E402 - Django must stand before any room is imported

from sanban.base.ledger.tlog import heads, merkle, sequencer, tiles  # noqa: E402

PROOFS = 2000
STEP = 1000


def main() -> None:
    """Integrate, grow to the size asked for by leaves of no event, prove, say."""
    began, placed = time.perf_counter(), 0
    while n := sequencer.integrate():
        placed += n
    took = time.perf_counter() - began
    wanted = int(os.environ["LEAVES"])
    size, _peaks = heads.head("ledger", "sha256")
    while size < wanted:
        with transaction.atomic():
            sequencer.extend("ledger", [os.urandom(65) for _n in range(STEP)])
        size += STEP
    chance, told = random.Random(7), {}  # noqa: S311 - which leaf is proven needs no secrecy
    for suite, digest in merkle.SUITES.items():
        root = merkle.root_of(digest, heads.head("ledger", suite)[1])
        waits, good = [], 0
        for _n in range(PROOFS):
            index = chance.randrange(size)
            asked = time.perf_counter()
            proof = heads.inclusion("ledger", suite, index, size)
            waits.append((time.perf_counter() - asked) * 1000)
            leaf = tiles.Nodes("ledger", suite).read(0, index)
            good += merkle.verify_inclusion(digest, leaf, index, size, proof, root)
        waits.sort()
        told[f"proof_{suite}_p50_ms"] = round(waits[PROOFS // 2], 3)
        told[f"proof_{suite}_p99_ms"] = round(waits[PROOFS * 99 // 100], 3)
        told[f"proof_{suite}_good"] = good == PROOFS
    rate = round(placed / took)
    sys.stdout.write(json.dumps({"placed": placed, "leaves_per_s": rate, "size": size, **told}) + "\n")


main()
