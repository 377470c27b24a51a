"""Writers, sequencers (who also sign) and witnesses killed at random: one JSON line with what was lost, doubled, out
of place, left unsealed or contradicted.

python bench/kills.py            WRITERS=8  SECS=60  DATABASE_URL=<a PostgreSQL; default: an SQLite file of its own>

Writers hesitate inside their acts, so that events commit in another order than their ids; two sequencers race.
Every 1.5 seconds one of them all is killed (SIGKILL, by its own id) and started again.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from inside.house import CALL, ROOT, environment

KILL_EVERY_S = 1.5
SEQUENCERS = 2
ZERO = (
    "lost", "doubled", "unplaced", "missing_places", "fault_count", "unsealed_trees", "witness_conflicts",
)  # fmt: skip
"""What must be nothing at the end."""


class Hands:
    """The processes of one run, each known by its command; what the writers say goes to one file each."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.env = folder, env
        self.running: list[tuple[list[str], subprocess.Popen[bytes]]] = []

    def start(self, command: list[str]) -> None:
        """One more process; its output is appended to the file of its command."""
        name = command[-1] if command[-1].isdigit() else "log"
        with (
            (self.folder / f"{name}.said").open("ab") as said,
            (self.folder / f"{name}.err").open("ab") as err,
        ):
            process = subprocess.Popen(command, env=self.env, cwd=ROOT, stdout=said, stderr=err)
        self.running.append((command, process))

    def kill(self, n: int) -> list[str]:
        """End the n-th at once; its command."""
        command, process = self.running.pop(n)
        process.kill()
        process.wait(timeout=10)
        return command


def main() -> None:
    """Open, hurt for so many seconds, end all, count."""
    seconds, writers = float(os.environ.get("SECS", "60")), int(os.environ.get("WRITERS", "8"))
    url = os.environ.get("DATABASE_URL", "")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        env = environment(folder) | ({"DATABASE_URL": url} if url else {})
        subprocess.run(
            [sys.executable, "-c", CALL, "migrate"], env=env, cwd=ROOT, check=True, capture_output=True
        )
        tally = [sys.executable, str(ROOT / "bench" / "inside" / "tally.py")]
        begun = json.loads(_said([*tally, "open", str(writers)], env))
        units, watching = (
            begun["units"],
            [[sys.executable, "-c", CALL, *words] for words in begun["witnesses"]],
        )
        hands, chance, kills = Hands(folder, env), random.Random(7), 0  # noqa: S311 - who is killed is no secret
        for unit in units:
            hands.start([sys.executable, str(ROOT / "bench" / "inside" / "writer.py"), unit])
        for _n in range(SEQUENCERS):
            hands.start([sys.executable, "-c", CALL, "log", "--every", "0.05"])
        for command in watching:
            hands.start(command)
        killed = {"writer": 0, "sequencer": 0, "witness": 0}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(KILL_EVERY_S)
            ended = hands.kill(chance.randrange(len(hands.running)))
            killed[_kind(ended)] += 1
            hands.start(ended)
            kills += 1
        for n in range(len(hands.running) - 1, -1, -1):
            if _kind(hands.running[n][0]) != "witness":
                hands.kill(n)
        time.sleep(2)  # a witness that was just started listens again
        said = folder / "all.said"
        said.write_text("".join((folder / f"{unit}.said").read_text() for unit in units))
        told = json.loads(_said([*tally, "close", str(said)], env)) | {"killed": killed}
        while hands.running:
            hands.kill(0)
    told = {"bench": "kills", "database": "postgresql" if url else "sqlite", "kills": kills, **told}
    told["missed"] = [name for name in ZERO if told[name]]
    told["missed"] += [] if told["told"] else ["no act was done"]
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def _kind(command: list[str]) -> str:
    return "witness" if "witness" in command else "writer" if command[-1].isdigit() else "sequencer"


def _said(command: list[str], env: dict[str, str]) -> str:
    return subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main()
