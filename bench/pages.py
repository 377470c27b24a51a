"""Pages and API under load, beside Redmine: one JSON line.

python bench/pages.py            SIZES=10000,100000  SECS=8  DATA=<folder kept between runs>
PEERS=<folder of redmine.sh> or PEERS_OUT=<file with what it printed> adds the ratios and judges the bars.
"""

import json
import os
import random
import sys
import tempfile
import urllib.parse
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from inside.house import Running, copied, prepared, sample, sanban
from inside.peers import redmine
from inside.traffic import Ask, Measured, measure, sign_in

BARS = {
    "list": 6,
    "my_overdue": 8,
    "one_task": 15,
    "api_list": 30,
    "api_deep": 30,
    "update": 5,
    "unit_summary": 20,
}
CLIENTS = {"update": 4}
"""The bar counts at one client, but at four for the update."""
SLOWER = 1.3
ROUNDS = 4
MEMORY_MB = 250


def cases(known: dict[str, Any], port: int) -> dict[str, Callable[[], Ask]]:
    """The requests, each drawn anew."""
    chance = random.Random(7)  # noqa: S311 - which task is asked for needs no secrecy
    office = sign_in(port, known["dispatcher"], known["password"])
    mine = sign_in(port, known["login"], known["password"])
    key = {"Authorization": f"Bearer {known['key']}"}
    own = {"Authorization": f"Bearer {known['own_key']}", "Content-Type": "application/json"}

    def update() -> Ask:
        body = json.dumps({"progress": chance.randrange(100), "text": "按序时进度推进。"})
        return "POST", f"/api/v1/tasks/{chance.choice(known['working'])}/report", body, own

    overdue = "/tasks/?" + urllib.parse.urlencode({"mine": "on", "light": "red"})
    return {
        "list": lambda: ("GET", "/tasks/", None, office),
        "my_overdue": lambda: ("GET", overdue, None, mine),
        "one_task": lambda: ("GET", f"/tasks/{chance.choice(known['told'])}/", None, office),
        "api_list": lambda: ("GET", "/api/v1/tasks?limit=100", None, key),
        "api_deep": lambda: ("GET", f"/api/v1/tasks?limit=100&after={known['deep']}", None, key),
        "update": update,
        "unit_summary": lambda: ("GET", "/tasks/units/", None, office),
        "unit_register": lambda: ("GET", f"/tasks/?unit={known['unit']}", None, office),
        "cockpit": lambda: ("GET", "/", None, office),
    }


def run(data: Path, sizes: list[int], seconds: float, only: set[str]) -> list[dict[str, Any]]:
    """Load each size, open a house on a copy of it, and ask them in turn: the machine's moods touch all alike."""
    told: list[dict[str, Any]] = []
    with ExitStack() as open_houses:
        houses = []
        for size in sizes:
            took = prepared(data / f"tasks-{size}", size)
            work = open_houses.enter_context(copied(data / f"tasks-{size}"))
            sanban(work, "clock", "--once")
            known = sample(work)
            house = open_houses.enter_context(Running(work))
            houses.append((house, cases(known, house.port)))
            told.append({"tasks": size, **took})
        names = [name for name in houses[0][1] if not only or name in only]
        for name, clients in ((name, clients) for name in names for clients in (1, 4)):
            made = [Measured(clients) for _house in houses]
            for _round in range(ROUNDS):
                for (house, asks), one in zip(houses, made, strict=True):
                    measure(house.port, asks[name], one, seconds=seconds / ROUNDS)
            for row, one in zip(told, made, strict=True):
                row[f"{name}_{clients}"] = one.plain()
                sys.stderr.write(f"{row['tasks']} {name} {one.plain()}\n")
        for row, (house, _asks) in zip(told, houses, strict=True):
            row["worker_mb"], row["web_mb"] = house.web_mb()
    return told


def judge(runs: list[dict[str, Any]], peer: dict[tuple[str, int, int], float]) -> dict[str, Any]:
    """Ratios to the peer at the largest size, slow-down from the smallest to the largest, memory."""
    small, large = runs[0], runs[-1]
    bad = [f"{run['tasks']} {name}: {made['bad']}" for run in runs for name, made in run.items()
           if isinstance(made, dict) and "bad" in made]  # fmt: skip
    told: dict[str, Any] = {"missed": bad}
    for name, bar in BARS.items():
        clients = CLIENTS.get(name, 1)
        rate = peer.get((name, large["tasks"], clients))
        if rate and f"{name}_{clients}" in large:
            told[f"{name}_x"] = round(large[f"{name}_{clients}"]["per_s"] / rate, 1)
            if told[f"{name}_x"] < bar:
                told["missed"].append(f"{name} {told[f'{name}_x']} < {bar}")
    for name in [key for key in large if key.endswith("_1") and small is not large and key in small]:
        told[f"{name}_slower"] = round(large[name]["p50_ms"] / small[name]["p50_ms"], 2)
        if told[f"{name}_slower"] > SLOWER:
            told["missed"].append(f"{name} {told[f'{name}_slower']} times slower at {large['tasks']}")
    if large["worker_mb"] > MEMORY_MB:
        told["missed"].append(f"{large['worker_mb']} MB")
    return told


def main() -> None:
    """Every size in turn, then the peer."""
    sizes = [int(size) for size in os.environ.get("SIZES", "10000,100000").split(",")]
    seconds = float(os.environ.get("SECS", "8"))
    only = set(filter(None, os.environ.get("ONLY", "").split(",")))
    with tempfile.TemporaryDirectory() as scratch:
        data = Path(os.environ.get("DATA") or scratch)
        runs = run(data, sizes, seconds, only)
    load = Path("/proc/loadavg").read_text().split()[:3]
    peer = redmine(sizes[-1:], seconds)
    rates = {f"{name}_{clients}": rate for (name, _tasks, clients), rate in peer.items()}
    told = {"bench": "pages", "load": load, "runs": runs, "peer_per_s": rates, **judge(runs, peer)}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
