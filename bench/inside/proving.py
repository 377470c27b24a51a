"""Run on an empty house: acts sealed one by one by four witnesses, then a bundle of a long story made and verified."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

django.setup()

from sanban.base.access.actor import SYSTEM  # noqa: E402 - Django must stand before any room is imported
from sanban.base.ledger.bundle.pack import VERIFIER, pack  # noqa: E402
from sanban.base.ledger.models import LedgerEvent  # noqa: E402
from sanban.base.ledger.queries import grade_of  # noqa: E402
from sanban.base.ledger.tlog import sealing, sequencer  # noqa: E402
from sanban.base.people import actions  # noqa: E402
from sanban.base.people.drafts import UnitDraft  # noqa: E402
from sanban.site import witnesses  # noqa: E402


def _unit(code: str) -> int:
    return actions.create_unit(SYSTEM, unit=UnitDraft(code=code, name=code, short=code, kind="office"))


def main() -> None:
    """Seal, pack, verify, say."""
    running = witnesses.start(dict(os.environ))
    try:
        time.sleep(2.0)
        policy, doors, waits = sealing.trusted(), sealing.Doors(), []
        if policy is None:
            raise SystemExit("the witnesses were not started")
        for n in range(int(os.environ["SEALS"])):
            _unit(f"s{n}")
            event_id = LedgerEvent.objects.order_by("-id").values_list("id", flat=True)[0]
            began = time.perf_counter()
            sequencer.integrate()
            sealing.seal(policy, doors)
            if grade_of(actor=SYSTEM, event_id=event_id) != "sealed":
                raise SystemExit("an act was not sealed")
            waits.append(time.perf_counter() - began)
        unit_id, count = _unit("story"), int(os.environ["EVENTS"])
        for n in range(count - 1):
            actions.add_alias(SYSTEM, unit_id=unit_id, alias=f"别名{n}")
        while sequencer.integrate():
            pass
        sealing.seal(policy, doors)
        began = time.perf_counter()
        made = pack(actor=SYSTEM, streams=[("unit", unit_id)])
        took = time.perf_counter() - began
    finally:
        for one in running:
            one.terminate()
        for one in running:
            one.wait(timeout=10)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.zip"
        path.write_bytes(made.body)
        began = time.perf_counter()
        ran = subprocess.run([sys.executable, "-I", str(VERIFIER), str(path)], capture_output=True)
        verified = time.perf_counter() - began
    waits.sort()
    sys.stdout.write(json.dumps({
        "events": made.events, "made_s": round(took, 2), "verified_s": round(verified, 2), "verdict": ran.returncode,
        "mb": round(len(made.body) / 1e6, 1), "sealed_p50_s": round(waits[len(waits) // 2], 3),
        "sealed_p95_s": round(waits[len(waits) * 95 // 100], 3),
    }) + "\n")  # fmt: skip


main()
