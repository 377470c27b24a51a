"""Slips may be referred to by others, as the object of a dispute."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sanban.base.search.registry import Subject, register_referable
from sanban.supervise.chase import queries
from sanban.supervise.chase.models import Slip

SLIP = "slip"


def _slip(row: Slip) -> Subject:
    return Subject(
        kind=SLIP, label=_("督办单"), object_id=row.pk, title=row.task_title, number=row.number or row.task_number,
        url=reverse("chase:detail", args=[row.pk]), level=row.level, unit_id=row.unit_id,
    )  # fmt: skip


register_referable(SLIP, visible=queries.visible, describe=_slip)
