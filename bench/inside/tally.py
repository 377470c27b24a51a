"""Around a run of kills: `open N` makes N units; `close FILE` drains the log, looks it over, counts what was said."""

import json
import sys
from pathlib import Path

import django

django.setup()

from sanban.base.access.actor import SYSTEM  # noqa: E402 - Django must stand before any room is imported
from sanban.base.ledger.models import LedgerEvent, LedgerLeaf, LedgerPending  # noqa: E402
from sanban.base.ledger.tlog import audit, sequencer  # noqa: E402
from sanban.base.people import actions  # noqa: E402
from sanban.base.people.drafts import UnitDraft  # noqa: E402


def opened(count: int) -> None:
    """So many units, their ids in a line."""
    drafts = [
        UnitDraft(code=f"u{n}", name=f"第{n}单位", short=f"{n}", kind="department") for n in range(count)
    ]
    sys.stdout.write(" ".join(str(key) for key in actions.create_units(SYSTEM, units=drafts)) + "\n")


def closed(said: Path) -> None:
    """Lost: acts that were told as done and are not there. Doubled: events with two places. Faults: of the audit."""
    while sequencer.integrate():
        pass
    there = set(LedgerEvent.objects.filter(stream_type="unit").values_list("stream_id", "ver"))
    told = {tuple(map(int, line.split())) for line in said.read_text().splitlines() if line.count(" ") == 1}
    events, places = LedgerEvent.objects.count(), LedgerLeaf.objects.count()
    faults = [fault.plain() for fault in audit.examine()]
    sys.stdout.write(json.dumps({
        "events": events, "told": len(told), "lost": len(told - there), "unplaced": LedgerPending.objects.count(),
        "doubled": places - LedgerLeaf.objects.values("event_id").distinct().count(),
        "missing_places": events - places, "faults": faults[:5], "fault_count": len(faults),
    }) + "\n")  # fmt: skip


if sys.argv[1] == "open":
    opened(int(sys.argv[2]))
else:
    closed(Path(sys.argv[2]))
