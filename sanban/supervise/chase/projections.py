"""Slips, the ladder and the next step of every watch, written from this room's events alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import F

from sanban.base.access.events import LabelSet
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.prepared import PreparedMany
from sanban.base.ledger.registry import folds, rebuilds
from sanban.base.ledger.rows import insert_rows, update_rows
from sanban.base.light.stamps import instant_of
from sanban.execute.task.events import (
    ConclusionAsked,
    ExtensionApproved,
    LightRedated,
    LightsRedated,
    OwnerSet,
    ProgressReported,
    TaskAcknowledged,
    TaskAssigned,
    TaskClosedOut,
    TaskForwarded,
    TaskPaused,
    TaskReopened,
    TaskResumed,
    TaskReturned,
    TaskSentBack,
    TaskVerified,
    TaskWithdrawn,
)
from sanban.supervise.chase import rules
from sanban.supervise.chase.alarm import follow
from sanban.supervise.chase.events import (
    AnswerMissed,
    LadderPublished,
    ReplyAccepted,
    ReplyRejected,
    SlipDismissed,
    SlipOpened,
    SlipReplied,
    SlipSigned,
    SlipWithdrawn,
)
from sanban.supervise.chase.models import LadderVersion, Slip, Watch

FOLLOWED = (
    "unit_id", "person_id", "level", "urgency", "title", "number", "running", "closed", "amber_at", "red_at", "due_at",
    "armed_at", "arming", "chased", "ladder", "next_rung", "next_occurrence", "next_at",
)  # fmt: skip
CHUNK: Final = 500
NEXT = ("chased", "ladder", "next_rung", "next_occurrence", "next_at")
SLIP = tuple(field.attname for field in Slip._meta.concrete_fields)


@folds(LabelSet)
def _label_set(entries: Sequence[Entry]) -> None:
    """Slips and the watch quote the task, and have its level."""
    for entry in entries:
        if entry.event.of_stream == "task":
            for table in (Watch, Slip):
                table.objects.filter(task_id=entry.event.object_id).update(level=entry.event.level)


@folds(
    TaskAssigned, TaskAcknowledged, OwnerSet, ProgressReported, ExtensionApproved, TaskSentBack, TaskForwarded,
    TaskPaused, TaskResumed, ConclusionAsked, TaskVerified, TaskReturned, TaskClosedOut, TaskReopened,
    TaskWithdrawn, LightRedated,
)  # fmt: skip
def _followed(entries: Sequence[Entry]) -> None:
    """Every event of a task moves its watch; slips of an ended matter are at rest, moot proposals too.

    An event that leaves all columns of its task as they are moves nothing.
    """
    entries = [entry for entry in entries if entry.event.changes]
    known = _watches([entry.stream_id for entry in entries])
    new: dict[int, Watch] = {}
    old: dict[int, Watch] = {}
    ended: dict[int, datetime] = {}
    rearmed: dict[int, datetime] = {}
    for entry in entries:
        watch = known.get(entry.stream_id) or new.get(entry.stream_id)
        if watch is None:
            watch = new[entry.stream_id] = Watch(task_id=entry.stream_id)
        elif entry.stream_id in known:
            old[entry.stream_id] = watch
        title = {"title": entry.event.title} if isinstance(entry.event, TaskAssigned) else {}
        outcome = follow(watch, {**entry.event.changes, **title, "level": entry.level}, entry.at)
        if outcome.ended:
            ended.setdefault(entry.stream_id, entry.at)
        if outcome.rearmed:
            rearmed.setdefault(entry.stream_id, entry.at)
    insert_rows(
        Watch, ("task_id", *FOLLOWED), [_values(watch, ("task_id", *FOLLOWED)) for watch in new.values()]
    )
    _keep(old.values(), FOLLOWED)
    _close(ended, rules.LIVE)
    _close(rearmed, (rules.PROPOSED,))


@folds(LightsRedated)
def _redated(entries: Sequence[Entry]) -> None:
    """Amber instants that follow a new calendar move the watches, as an event of each task would."""
    for entry in entries:
        watches = _watches(entry.event.ids)
        rearmed: dict[int, datetime] = {}
        for task_id, stamp in zip(entry.event.ids, entry.event.amber, strict=True):
            watch = watches.get(task_id)
            if watch and follow(watch, {"own_amber_at": instant_of(stamp)}, entry.at).rearmed:
                rearmed[task_id] = entry.at
        _keep(watches.values(), ("amber_at", "armed_at", "arming", *NEXT))
        _close(rearmed, (rules.PROPOSED,))


_STATES_OF = PreparedMany(
    lambda ids, slot: Slip.objects.filter(task__id__in=ids).values_list("task_id", "id", "state")
)


def _close(tasks: Mapping[int, datetime], states: Sequence[str]) -> None:
    """Slips of these tasks that are in one of the states are at rest from the given instants."""
    ids = list(tasks)
    for start in range(0, len(ids), CHUNK):
        found = _STATES_OF(
            ids[start : start + CHUNK]
        )  # by task alone: SQLite would rather walk a whole state
        resting = [(rules.CLOSED, tasks[task_id], key) for task_id, key, state in found if state in states]
        update_rows(Slip, ("state", "ended_at"), resting)


@folds(LadderPublished)
def _published(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: LadderPublished = entry.event
        LadderVersion.objects.create(
            number=made.number,
            rungs=made.rungs,
            published_at=entry.at,
            publisher_ref=entry.actor_ref,
            note=made.note,
        )


@folds(SlipOpened)
def _opened(entries: Sequence[Entry]) -> None:
    insert_rows(Slip, SLIP, [_values(_slip(entry), SLIP) for entry in entries])
    for entry in entries:
        if entry.event.previous is not None:
            Slip.objects.filter(id=entry.event.previous).update(
                state=rules.ESCALATED, next_slip_id=entry.stream_id
            )
    steps = {entry.event.task_id: entry.event for entry in entries if not entry.event.by_hand}
    watches = _watches(list(steps))
    for task_id, watch in watches.items():
        made = steps[task_id]
        watch.chased, watch.ladder = True, made.ladder
        watch.next_rung, watch.next_occurrence, watch.next_at = (
            made.next_rung, made.next_occurrence, made.next_at,
        )  # fmt: skip
    _keep(watches.values(), NEXT)


_WATCHES = PreparedMany(lambda ids, slot: Watch.objects.filter(task__id__in=ids))


def _watches(ids: Sequence[int]) -> dict[int, Watch]:
    return {
        watch.task_id: watch
        for start in range(0, len(ids), CHUNK)
        for watch in _WATCHES(ids[start : start + CHUNK])
    }


def _keep(watches: Iterable[Watch], names: Sequence[str]) -> None:
    update_rows(Watch, names, [_values(watch, (*names, "task_id")) for watch in watches], key="task_id")


def _values(row: Watch | Slip, names: Sequence[str]) -> list[Any]:
    return [getattr(row, name) for name in names]


def _slip(entry: Entry) -> Slip:
    made: SlipOpened = entry.event
    return Slip(
        id=entry.stream_id,
        version=entry.ver,
        task_id=made.task_id,
        rung=made.rung,
        arming=made.arming,
        occurrence=made.occurrence,
        state=made.state,
        level=made.level,
        task_title=made.task_title,
        task_number=made.task_number,
        task_due_at=made.task_due_at,
        unit_id=made.unit_id,
        person_id=made.person_id,
        ladder=made.ladder,
        reason=made.reason,
        opened_by=entry.actor_ref,
        due_instant=made.due_instant,
        noticed_at=made.noticed_at,
        issued_at=entry.at if made.state == rules.ISSUED else None,
        due_at=made.due_at,
    )


@folds(SlipSigned)
def _signed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: SlipSigned = entry.event
        Slip.objects.filter(id=entry.stream_id).update(
            version=entry.ver,
            state=rules.ISSUED,
            number=made.number,
            issued_at=entry.at,
            due_at=made.due_at,
            signer_ref=entry.actor_ref,
            signer_name=made.signer_name,
        )


@folds(SlipReplied)
def _replied(entries: Sequence[Entry]) -> None:
    for entry in entries:
        made: SlipReplied = entry.event
        Slip.objects.filter(id=entry.stream_id).update(
            version=entry.ver,
            state=rules.REPLIED,
            reply=made.text,
            files=made.files,
            extension_id=made.extension_id,
            replied_at=entry.at,
            replied_by=entry.actor_ref,
        )


@folds(ReplyAccepted)
def _accepted(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Slip.objects.filter(id=entry.stream_id).update(
            version=entry.ver,
            state=rules.ACCEPTED,
            verdict=entry.event.note,
            verdict_by=entry.actor_ref,
            ended_at=entry.at,
        )


@folds(ReplyRejected)
def _rejected(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Slip.objects.filter(id=entry.stream_id).update(
            version=entry.ver,
            state=rules.UNSATISFIED,
            verdict=entry.event.reason,
            verdict_by=entry.actor_ref,
            due_at=entry.event.due_at,
        )


@folds(SlipDismissed)
def _dismissed(entries: Sequence[Entry]) -> None:
    _ended(entries, rules.DISMISSED)


@folds(SlipWithdrawn)
def _withdrawn(entries: Sequence[Entry]) -> None:
    _ended(entries, rules.WITHDRAWN)


def _ended(entries: Sequence[Entry], state: str) -> None:
    for entry in entries:
        Slip.objects.filter(id=entry.stream_id).update(
            version=entry.ver,
            state=state,
            verdict=entry.event.reason,
            verdict_by=entry.actor_ref,
            ended_at=entry.at,
        )


@folds(AnswerMissed)
def _missed(entries: Sequence[Entry]) -> None:
    """The watch is sent to the next rung, unless this alarm has reached it already."""
    ids = [entry.stream_id for entry in entries]
    for start in range(0, len(ids), CHUNK):
        Slip.objects.filter(id__in=ids[start : start + CHUNK]).update(
            version=F("version") + 1, state=rules.OVERDUE, overdue_at=F("due_at")
        )
    wanted = {entry.event.task_id: entry.event for entry in entries if entry.event.next_rung}
    tasks = list(wanted)
    taken: set[tuple[int, int, str]] = set()
    for start in range(0, len(tasks), CHUNK):
        rows = Slip.objects.filter(task_id__in=tasks[start : start + CHUNK], occurrence=1)
        taken.update(rows.values_list("task_id", "arming", "rung"))
    watches = [
        watch
        for task_id, watch in _watches(tasks).items()
        if wanted[task_id].arming == watch.arming
        and (task_id, watch.arming, wanted[task_id].next_rung) not in taken
    ]
    for watch in watches:
        made: AnswerMissed = wanted[watch.task_id]
        watch.chased = True
        watch.next_rung, watch.next_occurrence, watch.next_at = made.next_rung, 1, made.due_instant
    _keep(watches, ("chased", "next_rung", "next_occurrence", "next_at"))


rebuilds(LadderVersion)
rebuilds(Watch)
rebuilds(Slip)
