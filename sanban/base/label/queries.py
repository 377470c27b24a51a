"""Reading labels: one object with its label, those of the own units that wait, and lowerings for the second."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from sanban.base.access.actor import SECRET, Actor
from sanban.base.label import rules
from sanban.base.label.catalogue import grades
from sanban.base.label.models import Label
from sanban.base.ledger.errors import Denied
from sanban.base.ledger.registry import tells

LIMIT = 200


@dataclass(frozen=True, slots=True)
class Labelled:
    """An object that the reader may see, the unit that answers for its level, and its label where it has one."""

    stream: str
    thing: Any
    unit_id: int | None
    label: Label | None

    @property
    def version(self) -> int:
        """Of the label's own stream."""
        return self.label.version if self.label else 0


@dataclass(frozen=True, slots=True)
class Wanting:
    """A work secret of the own unit that says no reason."""

    stream: str
    object_id: int
    title: str


def get(*, actor: Actor, stream: str, object_id: int) -> Labelled:
    """One object with its label. Denied when there is none, or not for the asker. Two queries."""
    rule = rules.seeing(stream)
    rows = rule.subject.rows() if actor.system else rule.subject.rows().filter(rule.node.q(actor))
    thing = rows.filter(pk=object_id).first()
    if thing is None:
        raise Denied(_("没有这个对象，或您无权查看。"))
    label = Label.objects.filter(pk=object_id, stream=stream).first()
    return Labelled(stream, thing, getattr(thing, rules.owner_field(stream)), label)


def _chapter(_actor: Actor, object_id: int) -> list[tuple[str, int]]:
    """Who set its level and why belongs to the story of an object."""
    return [("label", object_id)]


for _stream in rules.KINDS:
    tells(_stream)(_chapter)


def without_reason(*, actor: Actor) -> list[Wanting]:
    """Work secrets that the actor may label and that nobody gave a reason for. One query a kind of object."""
    found: list[Wanting] = []
    given = Label.objects.exclude(reason="").values("pk")
    for stream, rule in rules.labelled().items():
        rows = rule.subject.model._default_manager.filter(rule.node.q(actor), level=SECRET).exclude(
            pk__in=given
        )
        named = "name" if stream == "file" else "title"
        found += [
            Wanting(stream, pk, title) for pk, title in rows.order_by("-pk").values_list("pk", named)[:LIMIT]
        ]
    return found


def of_units(*, actor: Actor, review_until: date | None = None) -> list[Label]:
    """The labels that the actor's units answer for, those first that are looked at soonest. One query."""
    rows = Label.objects.filter(unit_id__in=actor.unit_ids, level__lte=actor.clearance).exclude(reason="")
    if review_until is not None:
        rows = rows.filter(review_on__lte=review_until)
    return list(rows.order_by("review_on", "pk")[:LIMIT])


def to_second(*, actor: Actor) -> list[Label]:
    """Lowerings that wait for this actor's signature. One query, and one for each that waits."""
    if not actor.has(*rules.SECONDS) or actor.has(*rules.ADMINISTRATORS):
        return []
    rows = Label.objects.filter(lower_to__isnull=False, level__lte=actor.clearance).exclude(
        lower_by=actor.ref
    )
    waiting = list(rows.order_by("lower_at", "pk")[:LIMIT])
    seen: dict[str, set[int]] = {}
    for stream in {row.stream for row in waiting}:
        rule, ids = rules.seeing(stream), [row.object_id for row in waiting if row.stream == stream]
        found = rule.subject.model._default_manager.filter(rule.node.q(actor), pk__in=ids)
        seen[stream] = set(found.values_list("pk", flat=True))
    return [
        row for row in waiting if row.object_id in seen[row.stream] and actor.on_behalf_of != row.lower_by
    ]


@dataclass(frozen=True, slots=True)
class Grading:
    """How well things are labelled: counts of all objects, whoever asks; and of the catalogue of fields."""

    secrets: int
    without_reason: int
    overdue: int
    fields: int
    fields_overdue: int


def grading(*, actor: Actor) -> Grading:
    """Counts for the self-check, nothing of what the objects say. Two queries and one a kind of object."""
    if not actor.has("admin", "security", "auditor", "supervisor", "signer"):
        raise Denied(_("合规自检只供系统、安全、审计管理员和督查办查看。"))
    today, given = rules.today(), set(Label.objects.exclude(reason="").values_list("pk", flat=True))
    models = [rule.subject.model for rule in rules.labelled().values()]
    secrets = {
        pk
        for model in models
        for pk in model._default_manager.filter(level=SECRET).values_list("pk", flat=True)
    }
    rows = grades()
    return Grading(
        secrets=len(secrets), without_reason=len(secrets - given),
        overdue=Label.objects.filter(review_on__lt=today).count(),
        fields=len(rows), fields_overdue=sum(row.review_on < today for row in rows),
    )  # fmt: skip
