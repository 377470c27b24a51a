"""Run on a copy of load data: ticks of a day, a catch-up, a new calendar and the counts, each beside raw SQL.

What the product writes is taken down statement by statement, with its rows, and written again by executemany into a
second copy that stands where the first stood before.
"""

import json
import os
import shutil
import sqlite3
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402 - Django must stand before any room is imported
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

from sanban.base import clock  # noqa: E402
from sanban.base.access.actor import SYSTEM  # noqa: E402
from sanban.base.calendar.actions import publish  # noqa: E402
from sanban.base.calendar.axis import DayKind  # noqa: E402
from sanban.base.calendar.queries import current_calendar  # noqa: E402
from sanban.base.calendar.rules import NamedDay  # noqa: E402
from sanban.base.light.engine import Light  # noqa: E402
from sanban.base.light.queries import counts  # noqa: E402
from sanban.execute.task import ticking  # noqa: E402
from sanban.execute.task.models import TaskItem  # noqa: E402

Script = list[list[tuple[str, list[Any]]]]
"""Transactions; each a list of statements with the rows they were given."""


class Recorder:
    """Takes down every writing statement with its rows, transaction by transaction, as it goes to the driver."""

    def __init__(self) -> None:
        self.script: Script = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.split(None, 1)[0].upper()
        if word == "BEGIN" or (word in ("INSERT", "UPDATE", "DELETE") and not self.script):
            self.script.append([])
        if word in ("INSERT", "UPDATE", "DELETE"):
            rows = [tuple(row) for row in params] if many else [tuple(params or ())]
            self.script[-1].append((sql.replace("%s", "?"), rows))
        return execute(sql, params, many, context)


def durable(path: Path) -> sqlite3.Connection:
    """A raw connection with the settings of the house."""
    line = sqlite3.connect(path, isolation_level=None)
    for pragma in (
        "journal_mode=WAL", "synchronous=FULL", "cache_size=-8192", "temp_store=MEMORY", "wal_autocheckpoint=16384",
    ):  # fmt: skip
        line.execute(f"PRAGMA {pragma}")
    return line


def timed(work: Callable[[], object]) -> float:
    """Seconds of wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def replay(path: Path, script: Script) -> float:
    """Write the rows again, raw, in the same transactions; the seconds it took."""
    line = durable(path)

    def run() -> None:
        for transaction in script:
            line.execute("BEGIN IMMEDIATE")
            for sql, rows in transaction:
                line.executemany(sql, rows)
            line.execute("COMMIT")

    took = timed(run)
    line.close()
    return took


def _table(sql: str) -> str:
    words = sql.replace("OR IGNORE ", "").split()
    return words[1 if words[0] == "UPDATE" else 2].strip('"')


class Bench:
    """The working database and its twin, which always follows: raw SQL writes there what the product wrote here."""

    def __init__(self) -> None:
        self.path = Path(settings.DATABASES["default"]["NAME"])
        self.twin = self.path.with_name("twin.sqlite3")
        self.told: dict[str, Any] = {}
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.path, self.twin)
        self.now = clock.now()

    def both(self, work: Callable[[], object]) -> tuple[float, float, Script]:
        """Seconds of the product, seconds of raw SQL for the same rows, and the rows."""
        recorder = Recorder()
        with connection.execute_wrapper(recorder):
            took = timed(work)
        script = [part for part in recorder.script if part]
        return took, replay(self.twin, script), script

    def beside(self, name: str, work: Callable[[], object]) -> None:
        """Measure one part under its name."""
        took, raw, script = self.both(work)
        rows: dict[str, int] = defaultdict(int)
        for transaction in script:
            for sql, values in transaction:
                rows[_table(sql)] += len(values)
        self.told |= {f"{name}_s": round(took, 3), f"{name}_raw_s": round(raw, 3), f"{name}_x": round(took / raw, 2),
                      f"{name}_transactions": len(script), f"{name}_rows": dict(rows)}  # fmt: skip
        sys.stderr.write(f"{name}: {took:.2f} s, raw {raw:.2f} s, {dict(rows)}\n")

    def look(self, *, minutes: int) -> int:
        """One look of the clock, so long after the beginning."""
        clock.set_frozen(self.now + timedelta(minutes=minutes))
        return ticking.tick_all(SYSTEM)

    def idle(self) -> None:
        """Looks that find nothing due."""
        waits: list[float] = []
        self.both(lambda: waits.extend(timed(lambda: self.look(minutes=0)) * 1000 for _n in range(200)))
        self.told |= {
            "idle_ms": round(statistics.median(waits), 3),
            "idle_p95_ms": round(sorted(waits)[189], 3),
        }

    def announce(self, days_off: int) -> None:
        """Publish a calendar in which the next days are free."""
        calendar = current_calendar(actor=SYSTEM)
        days = {day.date: day for day in calendar.days}
        for n in range(1, days_off + 1):
            day = clock.today() + timedelta(days=n)
            days.setdefault(day, NamedDay(day, DayKind.HOLIDAY, "临时放假"))
        publish(SYSTEM, name="临时放假", days=[days[key] for key in sorted(days)], base_number=calendar.number,
                provisional_from=calendar.spec.provisional_from)  # fmt: skip

    def counters(self) -> None:
        """The cockpit's counts, and whether they are a recount of the rows."""
        waits = [timed(lambda: counts(actor=SYSTEM, client="task", scope="unit")) * 1000 for _n in range(50)]
        found = counts(actor=SYSTEM, client="task", scope="unit")
        recount: dict[int, dict[Light, int]] = defaultdict(dict)
        for unit, lit, n in TaskItem.objects.order_by().values_list("lead_id", "lit").annotate(n=Count("pk")):
            recount[unit][Light(lit)] = n
        self.told |= {
            "counts_ms": round(statistics.median(waits), 2),
            "counts_equal_recount": recount == found,
        }

    def run(self) -> None:
        """All of it, in the order of time."""
        self.both(lambda: self.look(minutes=0))
        self.idle()
        turned: list[int] = []
        self.beside("day", lambda: turned.extend(self.look(minutes=n) for n in range(1, 1441)))
        self.told["day_turns"] = sum(turned)
        turned.clear()
        self.beside("catch_up", lambda: turned.append(self.look(minutes=4 * 1440)))
        self.told["catch_up_turns"] = sum(turned)
        self.both(lambda: self.announce(int(os.environ.get("DAYS_OFF", "30"))))
        self.beside("redate", lambda: ticking.redate_all(SYSTEM))
        self.told["redate_tasks"] = self.told["redate_rows"].get("task_taskitem", 0)
        self.counters()


def main() -> None:
    """Measure and say."""
    bench = Bench()
    bench.run()
    sys.stdout.write(json.dumps(bench.told) + "\n")


main()
