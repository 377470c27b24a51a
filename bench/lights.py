"""Lights against the naive reference: random matters in random calendars; every difference is printed.

    python -m bench.lights [CASES] [--seed N] [--processes N]

One JSON line on standard output; progress and differences on standard error. Exit status 1 on any difference.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sanban.base.light.tests.cases import differences, make_world

CHUNK = 5_000
WORLD_SHARES = 250


def run_chunk(seed: int, number: int, cases: int) -> list[str]:
    """So many histories, with a new calendar and rule every 250."""
    random = Random(f"{seed}/{number}")  # noqa: S311 - drawn cases, not secrets
    found: list[str] = []
    world = make_world(random)
    for case in range(cases):
        if case and case % WORLD_SHARES == 0:
            world = make_world(random)
        found.extend(differences(random, world, causes=False))
    return found


def main() -> int:
    """Spread the chunks over processes and add up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    sizes = [min(CHUNK, given.cases - done) for done in range(0, given.cases, CHUNK)]
    began, done, differing = time.perf_counter(), 0, 0
    with ProcessPoolExecutor(given.processes) as pool:
        running = {pool.submit(run_chunk, given.seed, n, size): size for n, size in enumerate(sizes)}
        for ready in as_completed(running):
            done += running[ready]
            for line in ready.result():
                differing += 1
                sys.stderr.write(f"{line}\n")
            sys.stderr.write(f"{done} of {given.cases}, {differing} differences\n")
    result = {
        "bench": "lights_reference",
        "cases": given.cases,
        "differences": differing,
        "seconds": round(time.perf_counter() - began, 1),
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
