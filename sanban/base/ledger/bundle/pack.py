"""Packing an evidence bundle: whole streams with their salts, a proof for each event, the policy, and the verifier.

Only what is sealed is packed: a bundle is for those who need not trust us. Fields may be redacted; what was erased
stays erased; both still verify, because every field has a digest of its own in the sealed envelope.
"""

import io
import json
import zipfile
from base64 import b64encode
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.ledger import noted as heads_noted
from sanban.base.ledger.bundle import timeline
from sanban.base.ledger.contents import Stored
from sanban.base.ledger.envelope import sha256
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.models import LedgerEvent, LedgerKey, LedgerLeaf
from sanban.base.ledger.queries import Reader, stored_fields
from sanban.base.ledger.tlog import merkle, notes, sealing, tiles, trust
from sanban.base.ledger.tlog.heads import SEALED, grades_of
from sanban.base.ledger.tlog.suites import ACTS, log_of

FORMAT: Final = "sanban-evidence/1"
VERIFIER: Final = Path(__file__).with_name("verify.py")
Streams = Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle that was made: its bytes, their digest, how many events it holds, and the highest level among them."""

    body: bytes
    sha256: str
    events: int
    level: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An event with its place in its log and its stored fields."""

    row: LedgerEvent
    log: str
    index: int
    fields: dict[str, Stored]


def pack(*, actor: Reader, streams: Streams, redact: Collection[str] = (), since: int = 0) -> Bundle:
    """The bundle of whole streams; of an object that never was, the proof that it was not there.

    `redact` names fields whose values stay out; `since` is the size of the head that the reader has: a proof that
    nothing before it changed goes along. Denied when one event is above the reader's clearance, Refused when there is
    nothing or not all of it is sealed.
    """
    policy = sealing.trusted()
    if policy is None:
        raise Refused(_("没有见证策略，台账未被封存，不能制作证据包。请系统管理员先配置见证。"))
    events = _events(actor, streams)
    held = {(event.stream_type, event.stream_id) for event in events}
    streams = [one for one in streams if one == streams[0] or one in held]  # of its story, what there is
    placed = _with_orders(actor, _placed(actor, events))
    noted = _noted(streams)
    if noted is not None:
        placed += _placed(actor, _events(actor, [tuple(noted["stream"])]))
    if not placed:
        raise Refused(_("这个对象还没有任何台账记录，没有可打包的内容。"))
    seals = {
        log: _seal(log, [one for one in placed if one.log == log]) for log in {one.log for one in placed}
    }
    files: dict[str, bytes] = {
        "events.jsonl": "".join(f"{_line(one, redact)}\n" for one in placed).encode(),
        "policy.txt": trust.text_of(policy).encode(),
        "keys.json": _json(_keys()),
        "timeline.txt": timeline.text(placed, redact).encode(),
        "verify.py": VERIFIER.read_bytes(),
    }
    if noted is not None:
        files["heads.json"] = _json(noted)
    for log, seal in seals.items():
        files |= _proofs(log, seal, [one for one in placed if one.log == log])
        if 0 < since < seal["sha256"][1].size and log == "ledger":
            files["since.txt"] = _since(log, since, seal["sha256"])
    files["manifest.json"] = _json(_manifest(streams, redact, placed, files))
    body = _zipped(files)
    return Bundle(body, sha256(body).hex(), len(placed), max(one.row.label for one in placed))


Seals = dict[str, tuple[str, notes.Checkpoint]]
"""By suite: the sealed note, and the checkpoint in it."""


def _events(actor: Reader, streams: Streams) -> list[LedgerEvent]:
    found: list[LedgerEvent] = []
    by_type: dict[str, list[int]] = defaultdict(list)
    for stream, object_id in streams:
        by_type[stream].append(object_id)
    for stream, ids in by_type.items():
        found += LedgerEvent.objects.filter(stream_type=stream, stream_id__in=ids)
    if max((event.label for event in found), default=0) > actor.clearance:
        raise Denied(_("其中有高于您知悉范围的记录，不能由您制作证据包。"))
    return sorted(found, key=lambda event: (event.stream_type, event.stream_id, event.ver))


def _placed(actor: Reader, events: Sequence[LedgerEvent]) -> list[Placed]:
    places: dict[UUID, tuple[str, int]] = {}
    fields: dict[UUID, dict[str, Stored]] = {}
    ids = [event.id for event in events]
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = LedgerLeaf.objects.filter(event_id__in=part).values_list("event_id", "log", "idx")
        places |= {event_id: (log, idx) for event_id, log, idx in rows}
        fields |= stored_fields(actor=actor, ids=part)
    waiting = len(ids) - len(places)
    if waiting:
        raise Refused(_("尚有 %(n)s 条记录等待编入日志。请约十秒后再试。") % {"n": waiting})
    return [Placed(event, *places[event.id], fields.get(event.id, {})) for event in events]


def _with_orders(actor: Reader, placed: list[Placed]) -> list[Placed]:
    """With the orders by which fields were erased: who took something away, and on what ground, is evidence too."""
    orders = {value.erased_by for one in placed for value in one.fields.values() if value.erased_by}
    missing = orders - {one.row.id for one in placed}
    return placed + _placed(actor, list(LedgerEvent.objects.filter(id__in=missing))) if missing else placed


def _noted(streams: Streams) -> dict[str, Any] | None:
    """Where these objects stand among the heads that were noted last, once that note itself is sealed."""
    last = heads_noted.latest()
    if last is None or grades_of([last.id])[last.id] != SEALED:
        return None
    return heads_noted.proofs([one for one in streams if log_of(one[0]) == ACTS])


def _seal(log: str, placed: Sequence[Placed]) -> Seals:
    """The newest sealed heads of a log, which must hold all these events."""
    wanted = max(one.index for one in placed) + 1
    found: Seals = {}
    for suite in merkle.SUITES:
        note = sealing.sealed_note(log, suite, wanted)
        if note is None:
            raise Refused(
                _("最新的记录尚未封存（需三家见证签名）。请约十秒后再试；若持续如此，请看运行状况页。")
            )
        found[suite] = note, notes.read_checkpoint(note.partition("\n\n")[0] + "\n")
    return found


def _line(one: Placed, redact: Collection[str]) -> str:
    fields = {name: _field(value, name in redact) for name, value in sorted(one.fields.items())}
    told = {
        "id": one.row.id.hex, "log": one.log, "index": one.index, "fields": fields,
        "envelope": bytes(one.row.envelope).decode(), "salt": _b64(bytes(one.row.salt)),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _field(value: Stored, redacted: bool) -> dict[str, Any]:
    if value.erased_by is not None:
        return {"erased_by": value.erased_by.hex}
    if redacted or value.salt is None or value.body is None:
        return {"redacted": True}
    return {"salt": _b64(value.salt), "value": value.body.decode()}


def _proofs(log: str, seals: Seals, placed: Iterable[Placed]) -> dict[str, bytes]:
    """One .tlog-proof an event (C2SP tlog-proof), and one file for the whole SM3 twin."""
    files: dict[str, bytes] = {}
    twin: dict[str, list[str]] = {}
    for suite, (note, point) in seals.items():
        nodes = tiles.Nodes(log, suite)
        for one in placed:
            path = merkle.inclusion_proof(nodes.digest, nodes.read, one.index, point.size)
            if suite == "sha256":
                lines = "".join(f"{_b64(node)}\n" for node in path)
                text = f"c2sp.org/tlog-proof@v1\nindex {one.index}\n{lines}\n{note}"
                files[f"proofs/{one.row.id.hex}.tlog-proof"] = text.encode()
            else:
                twin[one.row.id.hex] = [_b64(node) for node in path]
    files[f"sm3-{log}.json"] = _json({"note": seals["sm3"][0], "proofs": twin})
    return files


def _since(log: str, size: int, seal: tuple[str, notes.Checkpoint]) -> bytes:
    nodes = tiles.Nodes(log, "sha256")
    path = merkle.consistency_proof(nodes.digest, nodes.read, size, seal[1].size)
    return (f"old {size}\n" + "".join(f"{_b64(node)}\n" for node in path) + f"\n{seal[0]}").encode()


def _keys() -> list[dict[str, Any]]:
    """Every public key there ever was, with the event that announced it."""
    return [
        {
            "key": row.key_id, "suite": row.suite, "purpose": row.purpose, "public": _b64(bytes(row.public)),
            "from": row.valid_from.isoformat(), "until": row.valid_to.isoformat() if row.valid_to else None,
            "announced_by": row.announced_by_event.hex if row.announced_by_event else None,
        }
        for row in LedgerKey.objects.order_by("valid_from", "key_id")
    ]  # fmt: skip


def _manifest(
    streams: Streams, redact: Collection[str], placed: Sequence[Placed], files: dict[str, bytes]
) -> dict[str, Any]:
    return {
        "format": FORMAT, "origin": settings.SANBAN_ORIGIN, "made_at": clock.now().isoformat(),
        "streams": [[stream, str(object_id)] for stream, object_id in streams], "events": len(placed),
        "redacted": sorted(redact), "files": {name: sha256(body).hex() for name, body in sorted(files.items())},
    }  # fmt: skip


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, body in sorted(files.items()):
            archive.writestr(name, body)
    return out.getvalue()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _b64(data: bytes) -> str:
    return b64encode(data).decode()
