"""Sight of one object given to, or taken from, one person for a time, on a ground that a room above has settled.

A case names its arbiter, an officer grants a request, the negative list denies: each by an event of its own, whose
projection writes the rows here. Nothing is granted without a ground, and what ends stays to be read.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db.models import Q

from sanban.base.access.models import AccessGrant
from sanban.base.ledger.registry import rebuilds

MEMBER, PURPOSE = "member", "purpose"
"""The ground of who is named for one object, and of who has said what he needs it for: its id is the object's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One person, one object, one ground (stream and id of the case), from when, until when (None: until it is closed).

    `denied` takes the sight away whatever else gives it.
    """

    ground: str
    ground_id: int
    person_id: int
    stream: str
    object_id: int
    starts_at: datetime
    ends_at: datetime | None = None
    denied: bool = False


def open_grants(rows: Iterable[Grant]) -> None:
    """Write the rows, or write them anew with another time. Called by projections."""
    AccessGrant.objects.bulk_create(
        [AccessGrant(**asdict(row)) for row in rows],
        update_conflicts=True,
        unique_fields=["ground", "ground_id", "person_id", "stream", "object_id"],
        update_fields=["starts_at", "ends_at", "denied"],
    )


def close_grants(ground: str, ground_id: int, at: datetime, person_id: int | None = None) -> None:
    """End what this ground gave, to one person or to all, unless it ended before. Called by projections."""
    rows = AccessGrant.objects.filter(Q(ends_at=None) | Q(ends_at__gt=at), ground=ground, ground_id=ground_id)
    (rows if person_id is None else rows.filter(person_id=person_id)).update(ends_at=at)


def members_at(stream: str, object_id: int, at: datetime) -> list[tuple[int, datetime | None]]:
    """Who is named for one object at an instant: persons by id, and until when. One query."""
    rows = AccessGrant.objects.filter(
        Q(ends_at=None) | Q(ends_at__gt=at), ground=MEMBER, stream=stream, object_id=object_id, denied=False
    )
    return list(rows.filter(starts_at__lte=at).order_by("person_id").values_list("person_id", "ends_at"))


rebuilds(AccessGrant)
