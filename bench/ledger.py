"""The log of the ledger: what evidence costs a writer beside plain rows in the same run, places given a second with
both trees, and proofs from stored tiles: one JSON line.

python bench/ledger.py           TASKS=100000  LEAVES=1000000  DATA=<folder kept between runs>  SECS=4  ROUNDS=3
                                 DATABASE_URL=<a PostgreSQL>: eight writers there as well, the sequencer running
                                 PEERS=<folder of peers>: the peer's hash chain on SQLite beside it
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from inside.house import CALL, ROOT, copied, environment, loaded

PER_S = 50_000
PROOF_MS = 1.0
WRITERS = 8
KINDS = ("plain", "kept", "rows", "evidence")
BARS = {"postgresql": 0.95, "sqlite_normal": 0.80}
"""Least share of the speed of the same act kept without proof (`kept`) that is left with it, the sequencer running;
the shares of an audit row's speed (`plain`), with our rows and with the whole act, are printed beside."""
WRITING = str(ROOT / "bench" / "inside" / "writing.py")


def _rate(env: dict[str, str], kind: str, writers: int, seconds: float) -> float:
    """Acts a second of so many writers together."""
    asked = [[sys.executable, WRITING, kind, str(seat), str(seconds)] for seat in range(writers)]
    running = [
        subprocess.Popen(words, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) for words in asked
    ]
    return sum(float(one.communicate()[0]) for one in running)


def _cost(env: dict[str, str], writers: int, seconds: float, rounds: int) -> dict[str, float]:
    """The kinds in turn; medians, and the median share of plain rows' speed that each leaves."""
    subprocess.run(
        [sys.executable, "-c", CALL, "migrate"], env=env, cwd=ROOT, check=True, capture_output=True
    )
    subprocess.run([sys.executable, WRITING, "prepare"], env=env, cwd=ROOT, check=True)
    log = subprocess.Popen([sys.executable, "-c", CALL, "log"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        rates = [[_rate(env, kind, writers, seconds) for kind in KINDS] for _n in range(rounds)]
    finally:
        log.terminate()
        log.wait(timeout=20)
    told = {
        f"{kind}_per_s": round(statistics.median(side))
        for kind, side in zip(KINDS, zip(*rates, strict=True), strict=True)
    }
    for n, kind in enumerate(KINDS[1:], 1):
        told[f"{kind}_share"] = round(statistics.median(one[n] / one[0] for one in rates), 2)
    told["proof_share"] = round(statistics.median(one[2] / one[1] for one in rates), 2)
    return told


def writes() -> dict[str, dict[str, float]]:
    """What evidence costs, by database and how surely it is on the disk."""
    seconds, rounds = float(os.environ.get("SECS", "4")), int(os.environ.get("ROUNDS", "3"))
    made = {}
    for synchronous in ("NORMAL", "FULL"):
        with tempfile.TemporaryDirectory() as folder:
            env = {**environment(Path(folder)), "SYNCHRONOUS": synchronous}
            made[f"sqlite_{synchronous.lower()}"] = _cost(env, 1, seconds, rounds)
    url = os.environ.get("DATABASE_URL", "")
    if url:
        with tempfile.TemporaryDirectory() as folder:
            made["postgresql"] = _cost(
                {**environment(Path(folder)), "DATABASE_URL": url}, WRITERS, seconds, rounds
            )
    return made


def peer() -> dict[str, float]:
    """The peer's own figures, where it is."""
    script = Path(os.environ.get("PEERS", "")) / "ledger.py"
    if not os.environ.get("PEERS") or not script.exists():
        return {}
    ran = subprocess.run(
        [sys.executable, str(script), "--rounds", "1"], capture_output=True, text=True, check=True
    )
    told: dict[str, float] = json.loads(ran.stdout.splitlines()[-1])
    return told


def main() -> None:
    """Write, load once, sequence a copy."""
    costs, peers = writes(), peer()
    tasks = int(os.environ.get("TASKS", "100000"))
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(os.environ.get("DATA") or scratch) / f"tasks-{tasks}"
        took = loaded(kept, tasks)
        with copied(kept) as work:
            done = subprocess.run([sys.executable, str(ROOT / "bench" / "inside" / "sequencing.py")], env={
                **environment(work), "LEAVES": os.environ.get("LEAVES", "1000000"),
            }, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # fmt: skip
    told = {
        "bench": "ledger",
        "writes": costs,
        "peer": peers,
        **took,
        **json.loads(done.stdout.splitlines()[-1]),
    }
    told["load"] = Path("/proc/loadavg").read_text().split()[:3]
    told["missed"] = [f"{told['leaves_per_s']} leaves a second"] if told["leaves_per_s"] < PER_S else []
    slow = [name for name in told if name.endswith("p99_ms") and told[name] > PROOF_MS]
    told["missed"] += [f"{name} {told[name]}" for name in slow]
    told["missed"] += [
        f"{name}: {costs[name]['proof_share']} of the same rows unproven"
        for name, bar in BARS.items() if name in costs and costs[name]["proof_share"] < bar
    ]  # fmt: skip
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
