"""A million tasks on SQLite at full durability, each figure beside raw SQL that writes the same rows: one JSON line.

    python bench/million.py          TASKS=1000000  DATA=<folder kept between runs>  DAYS_OFF=30

The raw writer gets the rows that the product wrote, ready in memory, and writes them by executemany into a copy of
the database, in as many transactions. So the ratio is what finding, deciding, sealing and folding cost.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from inside.house import copied, environment, loaded

ROOT = Path(__file__).resolve().parents[1]
BARS = {"idle_ms": 1, "day_x": 3, "catch_up_x": 3, "redate_x": 3, "counts_ms": 5}


def main() -> None:
    """Load once, copy, and let the part that knows the rooms run on the copy."""
    tasks = int(os.environ.get("TASKS", "1000000"))
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(os.environ.get("DATA") or scratch)
        kept = data / f"tasks-{tasks}-load"
        took = loaded(kept, tasks)
        with copied(kept) as work:
            done = subprocess.run([sys.executable, str(ROOT / "bench" / "inside" / "clockwork.py")], env={
                **environment(work), "DAYS_OFF": os.environ.get("DAYS_OFF", "30"),
            }, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # fmt: skip
    told = {"bench": "million", "tasks": tasks, **took, **json.loads(done.stdout.splitlines()[-1])}
    told["load"] = Path("/proc/loadavg").read_text().split()[:3]
    told["missed"] = [f"{name} {told[name]} > {bar}" for name, bar in BARS.items() if told[name] > bar]
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
