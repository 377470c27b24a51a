"""Redmine beside us: its measurement is run where its script is, or read from what an earlier run printed."""

import os
import re
import subprocess
from pathlib import Path

LINE = re.compile(r"^\s*(\d+) \| (.+?)\s+\| c=(\d) \|\s+([\d.]+) req/s \| p50\s+([\d.]+) ms")
NAMES = {
    "list html, 25 rows, all open": "list",
    "my overdue open, html": "my_overdue",
    "one issue, html": "one_task",
    "REST list, 100 rows": "api_list",
    "REST list, 100 rows, deep page": "api_deep",
    "REST update of one issue": "update",
    "project summary by status/assignee": "unit_summary",
}
Rates = dict[tuple[str, int, int], float]
"""(case, tasks, clients) to requests a second."""


def redmine(sizes: list[int], seconds: float) -> Rates:
    """Requests a second of Redmine: from the file PEERS_OUT, else by running the script in the folder PEERS."""
    kept = os.environ.get("PEERS_OUT")
    if kept:
        return read(Path(kept).read_text())
    folder = os.environ.get("PEERS")
    if not folder:
        return {}
    done = subprocess.run(
        ["bash", str(Path(folder) / "redmine.sh"), *map(str, sizes)], capture_output=True, text=True, check=True,
        env={**os.environ, "SECS": str(seconds)},
    )  # fmt: skip
    return read(done.stdout)


def read(printed: str) -> Rates:
    """The lines that matter here."""
    found: Rates = {}
    for line in printed.splitlines():
        if (hit := LINE.match(line)) and hit[2] in NAMES:
            found[NAMES[hit[2]], int(hit[1]), int(hit[3])] = float(hit[4])
    return found
