"""Policies in the index: title, document number, issuing organ and the text itself; measures may be referred to."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds
from sanban.base.search.drafts import Findable
from sanban.base.search.projections import put
from sanban.base.search.registry import Subject, register_referable, register_searchable
from sanban.decide.policy import queries
from sanban.decide.policy.events import PolicyRegistered
from sanban.decide.policy.models import Measure

POLICY = "policy"
MEASURE = "measure"

register_searchable(
    POLICY, label=_("政策"), order=20, icon="scroll-text", url_name="policy:detail", visible=queries.visible
)


def _measure(row: Measure) -> Subject:
    page = reverse("policy:detail", args=[row.policy_id])
    return Subject(
        kind=MEASURE, label=_("举措"), object_id=row.pk, title=row.title, number=row.policy.doc_number,
        url=f"{page}#m{row.pk}", level=row.policy.level, unit_id=row.lead_id,
    )  # fmt: skip


register_referable(MEASURE, visible=queries.visible_measures, describe=_measure)


@folds(PolicyRegistered)
def _registered(entries: Sequence[Entry]) -> None:
    put(
        Findable(
            kind=POLICY, object_id=entry.stream_id, title=entry.event.title, number=entry.event.doc_number,
            arg=str(entry.stream_id), text="\n".join(filter(None, (entry.event.organ, entry.event.text))),
            unit_id=entry.event.unit_id, level=entry.level, at=entry.at,
        )
        for entry in entries
    )  # fmt: skip
