"""The log of the ledger: places given a second with both trees, and proofs from stored tiles: one JSON line.

python bench/ledger.py           TASKS=100000  LEAVES=1000000  DATA=<folder kept between runs>
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from inside.house import ROOT, copied, environment, loaded

PER_S = 50_000
PROOF_MS = 1.0


def main() -> None:
    """Load once, sequence a copy."""
    tasks = int(os.environ.get("TASKS", "100000"))
    with tempfile.TemporaryDirectory() as scratch:
        kept = Path(os.environ.get("DATA") or scratch) / f"tasks-{tasks}"
        took = loaded(kept, tasks)
        with copied(kept) as work:
            done = subprocess.run([sys.executable, str(ROOT / "bench" / "inside" / "sequencing.py")], env={
                **environment(work), "LEAVES": os.environ.get("LEAVES", "1000000"),
            }, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # fmt: skip
    told = {"bench": "ledger", **took, **json.loads(done.stdout.splitlines()[-1])}
    told["load"] = Path("/proc/loadavg").read_text().split()[:3]
    told["missed"] = [f"{told['leaves_per_s']} leaves a second"] if told["leaves_per_s"] < PER_S else []
    slow = [name for name in told if name.endswith("p99_ms") and told[name] > PROOF_MS]
    told["missed"] += [f"{name} {told[name]}" for name in slow]
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
