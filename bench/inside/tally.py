"""Around a run of kills: `open N` makes N units and four witnesses; `close FILE` drains the log, has it sealed, looks
everything over, and counts what was said."""

import json
import sys
from pathlib import Path

import django
from django.db.models import Max

django.setup()

from sanban.base.access.actor import SYSTEM  # noqa: E402 - Django must stand before any room is imported
from sanban.base.ledger.models import (  # noqa: E402
    LedgerCheckpoint,
    LedgerEvent,
    LedgerHead,
    LedgerLeaf,
    LedgerPending,
    LedgerWitness,
)
from sanban.base.ledger.tlog import audit, merkle, sealing, sequencer  # noqa: E402
from sanban.base.people import actions  # noqa: E402
from sanban.base.people.drafts import UnitDraft  # noqa: E402
from sanban.site import witnesses  # noqa: E402


def opened(count: int) -> None:
    """So many units, their ids in a line."""
    drafts = [
        UnitDraft(code=f"u{n}", name=f"第{n}单位", short=f"{n}", kind="department") for n in range(count)
    ]
    units = [str(key) for key in actions.create_units(SYSTEM, units=drafts)]
    sys.stdout.write(json.dumps({"units": units, "witnesses": witnesses.prepare()}) + "\n")


def closed(said: Path) -> None:
    """Lost: acts that were told as done and are not there. Doubled: events with two places. Faults: of the audit."""
    policy = sealing.trusted()
    if policy is not None:
        sealing.note_trust(SYSTEM, policy)
    while sequencer.integrate():
        pass
    sealed_before = LedgerCheckpoint.objects.filter(sealed_at__isnull=False).count()
    unsealed, faults_of_witnesses = sealed()
    there = set(LedgerEvent.objects.filter(stream_type="unit").values_list("stream_id", "ver"))
    told = {tuple(map(int, line.split())) for line in said.read_text().splitlines() if line.count(" ") == 1}
    events, places = LedgerEvent.objects.count(), LedgerLeaf.objects.count()
    faults = [fault.plain() for fault in audit.examine()]
    sys.stdout.write(json.dumps({
        "events": events, "told": len(told), "lost": len(told - there), "unplaced": LedgerPending.objects.count(),
        "doubled": places - LedgerLeaf.objects.values("event_id").distinct().count(),
        "missing_places": events - places, "sealed_while_hurt": sealed_before, "unsealed_trees": unsealed,
        "witness_conflicts": faults_of_witnesses, "faults": faults[:5], "fault_count": len(faults),
    }) + "\n")  # fmt: skip


def sealed() -> tuple[int, int]:
    """Trees whose newest head cannot be sealed, and witnesses that contradict: of which there is to be none."""
    policy = sealing.trusted()
    assert policy is not None  # noqa: S101 - written when the run began
    doors = sealing.Doors()
    for _again in range(3):
        sealing.seal(policy, doors)
    sizes = dict(LedgerHead.objects.values_list("log").annotate(n=Max("size")))
    points = LedgerCheckpoint.objects.filter(sealed_at__isnull=False)
    held = {(row.log, row.suite): row.size for row in points.order_by("size")}
    trees = [(log, suite) for log, size in sizes.items() if size for suite in merkle.SUITES]
    conflicts = LedgerWitness.objects.exclude(fault="").count()
    return sum(held.get(tree) != sizes[tree[0]] for tree in trees), conflicts


if sys.argv[1] == "open":
    opened(int(sys.argv[2]))
else:
    closed(Path(sys.argv[2]))
