"""A page of 20 under the access rules over so many tasks, on SQLite and on PostgreSQL behind its wall: one JSON line.

python bench/access.py           ROWS=100000  READERS=40
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from inside.house import ROOT, environment

sys.path.insert(0, str(ROOT))
from tests.database import start_postgresql

PAGE_MS = 3.0


def main() -> None:
    """Fill and ask each kind of database in a process of its own."""
    told = {"bench": "access", "sqlite": _measured({})}
    server = start_postgresql()
    try:
        told["postgresql"] = _measured({"DATABASE_URL": server.url})
    finally:
        server.stop()
    told["load"] = Path("/proc/loadavg").read_text().split()[:3]
    told["missed"] = [
        f"{kind} page p95 {told[kind]['page_p95_ms']} ms"
        for kind in ("sqlite", "postgresql")
        if told[kind]["page_p95_ms"] > PAGE_MS
    ]
    told["missed"] += [f"{kind} rows differ" for kind in ("sqlite", "postgresql") if told[kind]["differing"]]
    sys.stdout.write(json.dumps(told) + "\n")


def _measured(database: dict[str, str]) -> dict[str, float]:
    sizes = {name: os.environ[name] for name in ("ROWS", "READERS") if name in os.environ}
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run([sys.executable, str(ROOT / "bench" / "inside" / "sight.py")], env={
            **environment(Path(scratch)), **database, **sizes,
        }, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # fmt: skip
    made: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return made


if __name__ == "__main__":
    main()
