"""Importing a task list: `python bench/import_tasks.py [N]` prints one JSON line with rows, seconds and peak memory.

N rows as a tree of three levels, led by 60 units with partners, read from a workbook in an empty database on SQLite:
the dry run from the file's bytes to the verdicts, and the one act that assigns them all.
"""

import io
import json
import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import django
from openpyxl import Workbook

SCRATCH = tempfile.TemporaryDirectory()
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.update(
    DJANGO_SETTINGS_MODULE="sanban.site.settings",
    SANBAN_DATA_DIR=SCRATCH.name,
    DATABASE_URL=f"sqlite:///{Path(SCRATCH.name) / 'import.sqlite3'}",
)
django.setup()

from django.core.management import call_command  # noqa: E402 - after set-up

from sanban.base import clock  # noqa: E402 - after set-up
from sanban.base.access.actor import SYSTEM  # noqa: E402 - after set-up
from sanban.base.people import actions as people  # noqa: E402 - after set-up
from sanban.base.people.drafts import PersonDraft, UnitDraft  # noqa: E402 - after set-up
from sanban.base.people.queries import active_units, actors_by_login  # noqa: E402 - after set-up
from sanban.execute.task import actions  # noqa: E402 - after set-up
from sanban.execute.task.importing import table  # noqa: E402 - after set-up
from sanban.execute.task.judging import plan  # noqa: E402 - after set-up
from sanban.execute.task.models import TaskItem  # noqa: E402 - after set-up
from sanban.execute.task.sheets import read  # noqa: E402 - after set-up

START = datetime(2026, 3, 2, 1, tzinfo=UTC)
UNITS = 60
HEADS = ("序号", "事项名称", "牵头单位", "配合单位", "完成时限", "内容", "验收标准", "密级")


def _sheet(rows: int) -> bytes:
    book = Workbook(write_only=True)
    page = book.create_sheet("任务")
    page.append(HEADS)
    for n in range(rows):
        whole, place = n // 20 + 1, n % 20
        key = f"{whole}" if not place else f"{whole}.{(place - 1) // 4 + 1}"
        if place and (place - 1) % 4:
            key += f".{(place - 1) % 4}"
        days = ("2026-12-31", "2026年11月底", "2026/10/30")[min(2, key.count("."))]
        page.append(
            (key, f"推进第{n}项重点工作", f"第{n % UNITS}局", f"第{(n + 1) % UNITS}局、第{(n + 2) % UNITS}局", days,
             "按照实施方案逐条落实，每月报送进展。", "方案印发，任务完成率达到百分之百。", "内部")
        )  # fmt: skip
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def run(rows: int) -> dict[str, float | int]:
    """Dry run and import of `rows` rows, measured apart."""

    call_command("migrate", verbosity=0)
    with clock.freeze(START):
        units = [
            UnitDraft(code=f"u{n}", name=f"第{n}局", short=f"第{n}局", kind="department")
            for n in range(UNITS)
        ]
        first = people.create_units(SYSTEM, units=units)[0]
        clerk = PersonDraft(login="clerk", name="交办员", unit_id=first, roles=("dispatcher",))
        people.create_people(SYSTEM, people=[clerk])
        actor, data = actors_by_login(actor=SYSTEM)["clerk"], _sheet(rows)
        began = time.perf_counter()
        made = plan(actor, table(read(data, "list.xlsx")), {})
        judged, good = time.perf_counter(), made.count("good")
        del made  # the two steps are two requests
        drafts = plan(actor, table(read(data, "list.xlsx")), {}).drafts(actor, active_units(actor=actor))
        actions.assign_many(actor, drafts=drafts)
        done = time.perf_counter()
    return {
        "rows": rows,
        "good": good,
        "assigned": TaskItem.objects.count(),
        "with_parent": TaskItem.objects.filter(parent__isnull=False).count(),
        "dry_run_seconds": round(judged - began, 2),
        "import_seconds": round(done - judged, 2),
        "seconds": round(done - began, 2),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "file_kb": len(data) // 1024,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)) + "\n")
