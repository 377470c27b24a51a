"""Tasks, their satellites and the counters, folded from task events."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import DateTimeField, Min

from sanban.base.access.actor import SECRET
from sanban.base.access.events import LabelSet
from sanban.base.access.grants import MEMBER, Grant, close_grants, members_at, open_grants
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds, rebuilds
from sanban.base.ledger.rows import defaults_of, insert_rows, update_rows
from sanban.base.light.engine import Cause, Instants, colour, next_at
from sanban.base.light.projections import CounterKey, shift_counters
from sanban.base.light.stamps import instant_of
from sanban.execute.task import events as e
from sanban.execute.task.models import Extension, Handover, ProgressReport, TaskItem, TaskPartner

CLIENT: Final = "task"
BARE_CHANGES: Final = (
    e.TaskAcknowledged, e.OwnerSet, e.TaskPaused, e.TaskResumed, e.TaskSentBack, e.TaskVerified, e.TaskReturned,
    e.TaskClosedOut, e.TaskReopened, e.TaskWithdrawn,
)  # fmt: skip
_INSTANTS: Final = frozenset(
    field.attname for field in TaskItem._meta.concrete_fields if isinstance(field, DateTimeField)
)
_DEFAULTS: Final = defaults_of(TaskItem)
_REPORT: Final = ("id", "task_id", "at", "by_ref", "unit_id", "progress", "text", "files")
_BEFORE: Final = ("id", "lead_id", "policy_id", "measure_id", "level", "lit", "parent_id")
_MOVED: Final = ("own_amber_at", "own_amber_cause", "amber_at", "amber_cause", "next_at", "rule_version")
_RAISED: Final = ("amber_at", "amber_cause", "red_at", "red_cause", "next_at", "lit", "lit_cause")
_LIFTED: Final = (
    *_BEFORE, *_RAISED[:-2], "lit_cause", "lit_at", "light_state",
    "own_amber_at", "own_amber_cause", "own_red_at", "own_red_cause",
)  # fmt: skip
CHUNK: Final = 500


def columns_of(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Event values as column values: texts of instants become instants again."""
    return {
        name: datetime.fromisoformat(value) if name in _INSTANTS and isinstance(value, str) else value
        for name, value in changes.items()
    }


@folds(e.TaskAssigned)
def _assigned(entries: Sequence[Entry]) -> None:
    rows = [
        {**_DEFAULTS, "id": entry.stream_id, "version": entry.ver, "level": entry.level,
         "title": entry.event.title, **columns_of(entry.event.changes)}
        for entry in entries
    ]  # fmt: skip
    insert_rows(TaskItem, tuple(_DEFAULTS), [tuple(row.values()) for row in rows])
    partners = [(entry.stream_id, unit) for entry in entries for unit in entry.event.partners]
    insert_rows(TaskPartner, ("task_id", "unit_id"), partners)
    deltas: dict[CounterKey, int] = defaultdict(int)
    for row in rows:
        _count_values(deltas, row, row["lit"], 1)
    shift_counters(CLIENT, deltas)
    _lift({row["parent_id"] for row in rows if row["parent_id"]}, entries[0].at)


@folds(*BARE_CHANGES)
def _changed(entries: Sequence[Entry]) -> None:
    _apply(entries)


@folds(e.PartnersSet)
def _partners_set(entries: Sequence[Entry]) -> None:
    for entry in entries:
        rows, wanted = TaskPartner.objects.filter(task_id=entry.stream_id), set(entry.event.partners)
        rows.exclude(unit_id__in=wanted).delete()
        fresh = sorted(wanted - set(rows.values_list("unit_id", flat=True)))
        TaskPartner.objects.bulk_create(TaskPartner(task_id=entry.stream_id, unit_id=unit) for unit in fresh)
        TaskItem.objects.filter(pk=entry.stream_id).update(version=entry.ver)


@folds(e.MemberNamed)
def _member_named(entries: Sequence[Entry]) -> None:
    for entry in entries:
        task_id, said = entry.stream_id, entry.event
        reported = ProgressReport.objects.filter(task_id=task_id).values_list("files", flat=True)
        files = {file for row in reported for file in row}
        open_grants(_membership(task_id, said.person_id, entry.at, said.until, files))
        TaskItem.objects.filter(pk=task_id).update(version=entry.ver)


@folds(e.MemberRemoved)
def _member_removed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        close_grants(MEMBER, entry.stream_id, entry.at, entry.event.person_id)
        TaskItem.objects.filter(pk=entry.stream_id).update(version=entry.ver)


def _membership(
    task_id: int, person_id: int, since: datetime, until: datetime | None, files: Iterable[int]
) -> list[Grant]:
    """Sight of the task and of the files that were reported to it."""
    places = [(CLIENT, task_id), *(("file", file) for file in sorted(files))]
    return [
        Grant(ground=MEMBER, ground_id=task_id, person_id=person_id, stream=stream, object_id=object_id,
              starts_at=since, ends_at=until)
        for stream, object_id in places
    ]  # fmt: skip


def _show_members(entry: Entry) -> None:
    """What is reported to a work secret may be read by who is named for it."""
    for person_id, until in members_at(CLIENT, entry.stream_id, entry.at):
        fresh = _membership(entry.stream_id, person_id, entry.at, until, entry.event.files)
        open_grants(fresh[1:])


@folds(e.ProgressReported, e.ConclusionAsked)
def _reported(entries: Sequence[Entry]) -> None:
    insert_rows(ProgressReport, _REPORT, [
        (entry.event.report_id, entry.stream_id, entry.at, entry.actor_ref, entry.event.unit_id,
         getattr(entry.event, "progress", 100), entry.event.text, entry.event.files)
        for entry in entries
    ])  # fmt: skip
    for entry in entries:
        if entry.level >= SECRET and entry.event.files:
            _show_members(entry)
    _apply(entries)


@folds(e.ExtensionAsked)
def _extension_asked(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Extension.objects.create(
            id=entry.event.extension_id, task_id=entry.stream_id, asked_at=entry.at, asked_by=entry.actor_ref,
            due_from=entry.event.due_from, due_to=entry.event.due_to, reason=entry.event.reason,
        )  # fmt: skip
        TaskItem.objects.filter(pk=entry.stream_id).update(version=entry.ver)


@folds(e.ExtensionApproved, e.ExtensionRefused)
def _extension_decided(entries: Sequence[Entry]) -> None:
    for entry in entries:
        approved = isinstance(entry.event, e.ExtensionApproved)
        Extension.objects.filter(pk=entry.event.extension_id).update(
            state="approved" if approved else "refused", decided_at=entry.at, decided_by=entry.actor_ref,
            decision=entry.event.note,
        )  # fmt: skip
        if approved:
            _apply([entry])
        else:
            TaskItem.objects.filter(pk=entry.stream_id).update(version=entry.ver)


@folds(e.TaskForwarded)
def _forwarded(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Handover.objects.create(
            id=entry.event.handover_id, task_id=entry.stream_id, at=entry.at, from_unit_id=entry.event.from_id,
            to_unit_id=entry.event.to_id, reason=entry.event.reason,
        )  # fmt: skip
    _apply(entries)


@folds(LabelSet)
def _label_set(entries: Sequence[Entry]) -> None:
    """The level of a task moved, and with it what the counters of that level count."""
    for entry in entries:
        said = entry.event
        if said.of_stream != CLIENT or said.level == said.level_from:
            continue
        deltas: dict[CounterKey, int] = defaultdict(int)
        row = _befores([said.object_id])[0][said.object_id]
        _count_values(deltas, row, row["lit"], -1)
        _count_values(deltas, {**row, "level": said.level}, row["lit"], 1)
        TaskItem.objects.filter(pk=said.object_id).update(level=said.level)
        shift_counters(CLIENT, deltas)


@folds(e.LightTurned)
def _turned(entries: Sequence[Entry]) -> None:
    _relight(entries, ("lit", "lit_cause", "lit_at", "next_at"), [
        {"lit": entry.event.light, "lit_cause": entry.event.cause, "lit_at": entry.at, "next_at": entry.event.next_at}
        for entry in entries
    ])  # fmt: skip


@folds(e.LightRedated)
def _redated(entries: Sequence[Entry]) -> None:
    rows = [columns_of(entry.event.changes) for entry in entries]
    _relight(entries, tuple(rows[0]), rows)
    ids = [entry.stream_id for entry in entries]
    _lift({row["parent_id"] for row in _befores(ids)[0].values() if row["parent_id"]}, entries[0].at)


@folds(e.LightsRedated)
def _lights_redated(entries: Sequence[Entry]) -> None:
    for entry in entries:
        _move_lights(entry)


def _move_lights(entry: Entry) -> None:
    """Set the instants of many tasks; a light that differs with them moves its counter."""
    made: e.LightsRedated = entry.event
    before, wholes = _befores(made.ids)
    deltas: dict[CounterKey, int] = defaultdict(int)
    moved, turned = [], []
    steps = (made.ids, made.amber, made.amber_cause, made.next, made.lit, made.lit_cause)
    for task_id, stamp, cause, following, lit, lit_cause in zip(*steps, strict=True):
        row, amber = before[task_id], instant_of(stamp)
        common = (amber, cause, amber, cause, instant_of(following), made.rule)
        if lit == row["lit"]:
            moved.append((*common, task_id))
        else:
            _count_values(deltas, row, row["lit"], -1)
            _count_values(deltas, row, lit, 1)
            turned.append((*common, lit, lit_cause, entry.at, task_id))
    update_rows(TaskItem, _MOVED, moved)
    update_rows(TaskItem, (*_MOVED, "lit", "lit_cause", "lit_at"), turned)
    shift_counters(CLIENT, deltas)
    _lift(wholes | {row["parent_id"] for row in before.values() if row["parent_id"]}, entry.at)


def _relight(entries: Sequence[Entry], names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Set light columns of many tasks with one statement prepared once, and move the counters."""
    before, _wholes = _befores([entry.stream_id for entry in entries])
    deltas: dict[CounterKey, int] = defaultdict(int)
    values = []
    for entry, new in zip(entries, rows, strict=True):
        row = before[entry.stream_id]
        _count_values(deltas, row, row["lit"], -1)
        _count_values(deltas, row, new["lit"], 1)
        row["lit"] = new["lit"]  # a rebuild may meet two turns of one task in one run
        values.append((*(new[name] for name in names), entry.ver, entry.stream_id))
    update_rows(TaskItem, (*names, "light_ver"), values)
    shift_counters(CLIENT, deltas)


def _befores(ids: Sequence[int]) -> tuple[dict[int, dict[str, Any]], set[int]]:
    """What counters and parents need of each task as it stands, and which of them have parts."""
    found: dict[int, dict[str, Any]] = {}
    wholes: set[int] = set()
    with connection.cursor() as cursor:
        for start in range(0, len(ids), CHUNK):
            chunk = ids[start : start + CHUNK]
            cursor.execute(
                f"SELECT {', '.join(_BEFORE)}, EXISTS (SELECT 1 FROM task_taskitem p WHERE p.parent_id = t.id)"  # noqa: S608
                f" FROM task_taskitem t WHERE id IN ({', '.join(['%s'] * len(chunk))})",
                chunk,
            )
            for row in cursor.fetchall():
                found[row[0]] = dict(zip(_BEFORE, row, strict=False))
                if row[-1]:
                    wholes.add(row[0])
    return found, wholes


def _apply(entries: Sequence[Entry]) -> None:
    """Set the columns that events name, move the counters, and let the parents' lights follow."""
    ids = [entry.stream_id for entry in entries]
    before, wholes = _befores(ids)
    families = wholes or any(row["parent_id"] for row in before.values())
    if len(entries) > 1 and (families or len(before) < len(ids)):
        for entry in entries:  # a parent follows each step, and a task's own steps keep their order
            _apply([entry])
        return
    deltas: dict[CounterKey, int] = defaultdict(int)
    groups: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
    for entry in entries:
        row, changes = before[entry.stream_id], columns_of(entry.event.changes)
        _count_values(deltas, row, row["lit"], -1)
        after = {**row, **changes}
        _count_values(deltas, after, after["lit"], 1)
        groups[tuple(changes)].append((*changes.values(), entry.ver, entry.stream_id))
    for names, rows in groups.items():
        update_rows(TaskItem, (*names, "version"), rows)
    shift_counters(CLIENT, deltas)
    if wholes:
        _lift(wholes, entries[0].at)
    else:
        _lift({row["parent_id"] for row in before.values() if row["parent_id"]}, entries[0].at)


def _lift(wholes: Iterable[int], at: datetime) -> None:
    """A whole is never greener than an open mandatory part: its instants are the earliest of both.

    All wholes of one height at once; those above a whole that moved follow, as long as something moves.
    """
    rising = sorted(set(wholes))
    while rising:
        moved: set[int] = set()
        for start in range(0, len(rising), CHUNK):
            moved |= _lift_some(rising[start : start + CHUNK], at)
        rising = sorted(moved)


def _lift_some(ids: Sequence[int], at: datetime) -> set[int]:
    """Lift these wholes and return the wholes above those that moved."""
    parts = TaskItem.objects.filter(parent_id__in=ids, mandatory=True, light_state="open")
    earliest = {
        row["parent_id"]: row
        for row in parts.order_by().values("parent_id").annotate(amber=Min("amber_at"), red=Min("red_at"))
    }
    deltas: dict[CounterKey, int] = defaultdict(int)
    values, above = [], set[int]()
    for row in TaskItem.objects.filter(pk__in=ids).values(*_LIFTED).order_by("pk"):
        new = _lifted(row, earliest.get(row["id"], {}), at)
        if all(row[name] == value for name, value in new.items()):
            continue
        lit_at = row["lit_at"] if new["lit"] == row["lit"] else at
        if lit_at is at:
            _count_values(deltas, row, row["lit"], -1)
            _count_values(deltas, row, new["lit"], 1)
        values.append((*new.values(), lit_at, row["id"]))
        if row["parent_id"]:
            above.add(row["parent_id"])
    update_rows(TaskItem, (*_RAISED, "lit_at"), values)
    shift_counters(CLIENT, deltas)
    return above


def _lifted(row: Mapping[str, Any], parts: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The light columns of a whole from its own instants and the earliest of its parts."""
    amber, amber_cause = _earlier(row["own_amber_at"], row["own_amber_cause"], parts.get("amber"))
    red, red_cause = _earlier(row["own_red_at"], row["own_red_cause"], parts.get("red"))
    whole = Instants(
        yellow_at=amber, yellow_cause=Cause(amber_cause) if amber_cause else None,
        red_at=red, red_cause=Cause(red_cause) if red_cause else None, state=row["light_state"],
    )  # fmt: skip
    light, cause = colour(whole, at)
    found = (amber, amber_cause, red, red_cause, next_at(whole, at), int(light), int(cause))
    return dict(zip(_RAISED, found, strict=True))


def _earlier(own: datetime | None, cause: int, part: datetime | None) -> tuple[datetime | None, int]:
    if part is None or (own is not None and own <= part):
        return own, cause
    return part, int(Cause.CHILD)


def _count_values(deltas: dict[CounterKey, int], row: Mapping[str, Any], light: int, by: int) -> None:
    deltas["unit", row["lead_id"], row["level"], light] += by
    if row["policy_id"]:
        deltas["policy", row["policy_id"], row["level"], light] += by
    if row["measure_id"]:
        deltas["measure", row["measure_id"], row["level"], light] += by


rebuilds(TaskItem)
rebuilds(TaskPartner, key=("task_id", "unit_id"))
rebuilds(ProgressReport)
rebuilds(Extension)
rebuilds(Handover)
