"""Slips under faults on SQLite: one JSON line with what was lost or doubled.

    python bench/slips.py [N]        SLIPS=100000  LIMIT_S=1800 (then it gives up and says so)

Two tickers run as processes; each is killed at random and started again. The clock steps forwards and backwards,
and once nothing runs for three days. Every task owes a reminder and an urge; N slips are owed in all.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
START = datetime(2026, 3, 2, 1, tzinfo=UTC)
LIMIT = float(os.environ.get("LIMIT_S", "1800"))
DUE = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)


def _prepare(folder: Path) -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.update(
        DJANGO_SETTINGS_MODULE="sanban.site.settings",
        SANBAN_DATA_DIR=str(folder),
        DATABASE_URL=f"sqlite:///{folder / 'slips.sqlite3'}",
    )
    import django  # noqa: PLC0415 - settings are chosen first

    django.setup()


def ticker(folder: Path) -> None:
    """Look again and again, by a clock as far from the true one as the parent's file says, until killed."""
    _prepare(folder)
    from django.db import OperationalError  # noqa: PLC0415

    from sanban.base import clock  # noqa: PLC0415
    from sanban.base.access.actor import SYSTEM  # noqa: PLC0415
    from sanban.base.ledger.errors import Conflict  # noqa: PLC0415
    from sanban.supervise.chase import actions  # noqa: PLC0415

    while True:
        clock.set_shift(timedelta(seconds=float((folder / "now").read_text())))
        try:
            if not actions.tick(SYSTEM):
                time.sleep(0.05)
        except (OperationalError, Conflict):  # another was first: met again at the next look
            time.sleep(0.05)


def _set(folder: Path, moment: datetime) -> None:
    """Move the clocks of all tickers to a moment, from where they run on."""
    from sanban.base import clock  # noqa: PLC0415

    clock.set_shift(timedelta())
    (folder / "next").write_text(str((moment - clock.now()).total_seconds()))
    (folder / "next").replace(folder / "now")


def _assign(count: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415

    from sanban.base import clock  # noqa: PLC0415
    from sanban.base.access.actor import SYSTEM  # noqa: PLC0415
    from sanban.base.people import actions as people  # noqa: PLC0415
    from sanban.base.people.drafts import UnitDraft  # noqa: PLC0415
    from sanban.execute.task import actions as tasks  # noqa: PLC0415
    from sanban.execute.task.drafts import TaskDraft  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with clock.freeze(START):
        unit = people.create_units(
            SYSTEM, units=[UnitDraft(code="u", name="测试单位", short="测试", kind="department")]
        )[0]
        for first in range(0, count, 1000):
            drafts = [
                TaskDraft(title=f"事项{n}", lead_id=unit, due_at=DUE - timedelta(minutes=n % 240))
                for n in range(first, min(count, first + 1000))
            ]
            tasks.assign_many(SYSTEM, drafts=drafts)


def _disturb(
    family: list[subprocess.Popen[bytes]], command: list[str], chance: random.Random, slips: int
) -> int:
    """Kill one ticker after the other and start it again, for a while; how often."""
    kills, quiet = 0, time.perf_counter() + max(4.0, slips / 4000)
    while time.perf_counter() < quiet:
        time.sleep(chance.uniform(0.3, 2.0) * (1 + slips / 50_000))  # more to do: longer between two blows
        victim = chance.randrange(2)
        family[victim].kill()
        family[victim].wait()
        kills += 1
        family[victim] = subprocess.Popen(command)
    return kills


def _count(owed: int) -> dict[str, int]:
    from sanban.supervise.chase.models import Slip  # noqa: PLC0415

    rows = Slip.objects.values_list("task_id", "rung", "arming", "occurrence")
    distinct = len(set(rows))
    early = Slip.objects.extra(where=["noticed_at < due_instant"]).count()
    return {"lost": owed - distinct, "doubled": rows.count() - distinct, "early": early}


def run(slips: int) -> dict[str, int | float | str]:
    """Owe `slips` slips, disturb everything, and count."""
    chance = random.Random(20260316)  # noqa: S311 - faults need no secrecy
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _prepare(folder)
        began = time.perf_counter()
        _assign(slips // 2)
        assigned = time.perf_counter() - began
        from sanban.supervise.chase.models import Watch  # noqa: PLC0415

        owed = slips // 2 * 2
        began, kills, steps_back = time.perf_counter(), 0, 0
        moments = [DUE - timedelta(days=3, hours=3), DUE - timedelta(hours=3), DUE - timedelta(hours=5), DUE]
        # Between the first two nothing is seen for three days; the third steps back. None passes an urge's term.
        command = [sys.executable, __file__, "--ticker", scratch]
        _set(folder, START)
        family = [subprocess.Popen(command) for _n in range(2)]
        for moment in moments:
            steps_back += moment < DUE - timedelta(hours=3) and moment > moments[0]
            _set(folder, moment)
            quiet = time.perf_counter() + max(4.0, slips / 4000)
            while time.perf_counter() < quiet:
                time.sleep(
                    chance.uniform(0.3, 2.0) * (1 + slips / 50_000)
                )  # more to do: longer between two blows
                victim = chance.randrange(2)
                family[victim].kill()
                family[victim].wait()
                kills += 1
                family[victim] = subprocess.Popen(command)
        while Watch.objects.filter(next_at__lte=DUE).exists() and time.perf_counter() - began < LIMIT:
            time.sleep(0.2)
        for child in family:
            child.kill()
            child.wait()
        return {
            "bench": "slips",
            "slips": owed,
            **_count(owed),
            "kills": kills,
            "tickers": 2,
            "clock_steps_back": steps_back,
            "stopped_days": (moments[1] - moments[0]).days,
            "assign_s": round(assigned, 1),
            "seconds": round(time.perf_counter() - began, 1),
        }


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ticker"]:
        ticker(Path(sys.argv[2]))
    else:
        sys.stdout.write(
            json.dumps(run(int(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SLIPS", "100000"))))
            + "\n"
        )
