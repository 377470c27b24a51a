"""Disputes in the index: the question and the number, claim, request and ground."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds
from sanban.base.search.drafts import Findable
from sanban.base.search.projections import put
from sanban.base.search.registry import register_searchable
from sanban.decide.dispute import queries
from sanban.decide.dispute.events import DisputeOpened

register_searchable(
    queries.STREAM,
    label=_("争议"),
    order=40,
    icon="scale",
    url_name="dispute:detail",
    visible=queries.visible,
)


@folds(DisputeOpened)
def _opened(entries: Sequence[Entry]) -> None:
    put(
        Findable(
            kind=queries.STREAM, object_id=entry.stream_id, title=entry.event.question, number=entry.event.number,
            arg=str(entry.stream_id), unit_id=entry.event.claimant_id, level=entry.level, at=entry.at,
            text="\n".join((entry.event.claim, entry.event.asks, entry.event.ground)),
        )
        for entry in entries
    )  # fmt: skip
