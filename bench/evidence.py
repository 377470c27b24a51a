"""Sealing and bundles with four witnesses as processes of their own: one JSON line.

python bench/evidence.py         EVENTS=500  SEALS=60
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from inside.house import CALL, ROOT, environment

MAKE_S = VERIFY_S = 2.0
SEALED_S = 10.0


def main() -> None:
    """An empty house, its witnesses, one long story."""
    with tempfile.TemporaryDirectory() as scratch:
        env = environment(Path(scratch)) | {
            "EVENTS": os.environ.get("EVENTS", "500"), "SEALS": os.environ.get("SEALS", "60"),
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-c", CALL, "migrate"], env=env, cwd=ROOT, check=True, capture_output=True
        )
        script = str(ROOT / "bench" / "inside" / "proving.py")
        done = subprocess.run(
            [sys.executable, script], env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
    told = {"bench": "evidence", **json.loads(done.stdout.splitlines()[-1])}
    told["load"] = Path("/proc/loadavg").read_text().split()[:3]
    bars = {"made_s": MAKE_S, "verified_s": VERIFY_S, "sealed_p95_s": SEALED_S}
    told["missed"] = [f"{name} {told[name]}" for name, bar in bars.items() if told[name] > bar]
    told["missed"] += [] if told["verdict"] == 0 else ["the bundle does not verify"]
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
