"""What the operations on tasks take and answer."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AwareDatetime, Field

from sanban.base.access.wire import Body, Versioned

Words = Annotated[str, Field(min_length=1, max_length=4000, examples=["已完成勘察设计，正在招标。"])]
Instant = Annotated[AwareDatetime, Field(examples=["2027-03-01T17:30:00+08:00"])]


class Named(Schema):
    """A unit or a person."""

    id: int
    name: str


class TaskRow(Schema):
    """A task as lists show it."""

    id: int
    number: str = Field(examples=["DC-2026-000123"])
    version: int
    title: str
    state: str = Field(
        description="assigned 待签收、acknowledged 办理中、concluded 待核验、closed_out 已销号等"
    )
    state_word: str
    light: Literal["red", "amber", "green", "idle", "concluded"]
    light_cause: str
    progress: int
    level: int = Field(description="0 公开、1 内部、2 工作秘密")
    urgency: int
    mandatory: bool
    lead: Named
    owner: Named | None
    partners: list[Named]
    policy_id: int | None
    measure_id: int | None
    parent_id: int | None
    handovers: int
    extensions: int
    start_at: datetime
    due_at: datetime
    assigned_at: datetime
    acknowledged_at: datetime | None
    reported_at: datetime | None
    concluded_at: datetime | None
    ended_at: datetime | None


class TaskOut(TaskRow):
    """One task with its texts."""

    detail: str
    acceptance: str
    assigner: Named


class TaskFull(TaskOut):
    """One task with what the asker may do to it now."""

    verbs: list[str]


class Happening(Schema):
    """One line of the timeline, from the ledger."""

    id: str
    kind: str
    at: datetime
    who: str
    unit: str
    sentence: str


class LightOut(Schema):
    """Why the light is as it is."""

    light: str
    cause: str
    since: datetime | None
    next_at: datetime | None
    next_light: str | None
    provisional: bool
    rule_version: int
    sentences: list[str]


class ReportOut(Schema):
    """A progress report."""

    id: int
    at: datetime
    by: str
    unit_id: int | None
    progress: int
    text: str
    files: list[int]


class ExtensionOut(Schema):
    """A request for a later due date."""

    id: int
    asked_at: datetime
    asked_by: str
    due_from: datetime
    due_to: datetime
    reason: str
    state: str
    decided_at: datetime | None
    decision: str


class Assigned(Schema):
    """The tasks that were made, in the order they were asked."""

    ids: list[int]
    numbers: list[str]


class DraftIn(Body):
    """A task to be assigned; in a tree a part names its whole by `parent_key`, which stands earlier."""

    title: Annotated[str, Field(min_length=1, max_length=200, examples=["推进水库除险加固"])]
    lead_id: int
    due_at: Instant
    detail: str = Field("", max_length=20000)
    acceptance: str = Field("", max_length=20000)
    level: int = Field(1, ge=0, le=2)
    urgency: int = Field(0, ge=0, le=3)
    owner_id: int | None = None
    partners: list[int] = Field(default_factory=list, max_length=300)
    policy_id: int | None = None
    measure_id: int | None = None
    parent_id: int | None = None
    start_at: AwareDatetime | None = None
    mandatory: bool = True
    key: str = Field("", max_length=60)
    parent_key: str = Field("", max_length=60)


class AssignIn(Body):
    """Tasks to be assigned in one act: all of them, or none."""

    tasks: list[DraftIn] = Field(min_length=1, max_length=2000)


class BreakDownIn(Versioned):
    """Parts of a task."""

    parts: list[DraftIn] = Field(min_length=1, max_length=300)


class OwnerIn(Versioned):
    """The officer who answers for the task."""

    owner_id: int


class MemberIn(Versioned):
    """One person who shall know a work secret, and until when."""

    person_id: int
    until: Instant
    reason: Words


class MemberOutIn(Versioned):
    """One person who shall know it no longer."""

    person_id: int
    reason: Words


class PartnersIn(Versioned):
    """All units that shall cooperate from now on."""

    partners: list[int] = Field(max_length=300)
    reason: Words


class ReportIn(Versioned):
    """Progress with evidence."""

    progress: int = Field(examples=[60])
    text: Words
    files: list[int] = Field(default_factory=list, max_length=50)


class AskExtensionIn(Versioned):
    """A later due date and why."""

    due_at: Instant
    reason: Words


class DecideExtensionIn(Versioned):
    """The answer to the open request; without an id the one that is open."""

    extension_id: int | None = None
    approve: bool
    note: Words


class ReasonIn(Versioned):
    """Why."""

    reason: Words


class ForwardIn(Versioned):
    """The unit that shall lead, and why."""

    to_id: int
    reason: Words


class ConcludeIn(Versioned):
    """What was achieved, with evidence."""

    text: Words
    files: list[int] = Field(default_factory=list, max_length=50)


class VerifyIn(Versioned):
    """Whether the result meets the acceptance criteria."""

    accept: bool
    note: Words


class ReopenIn(Versioned):
    """The new term, and why."""

    due_at: Instant
    reason: Words
