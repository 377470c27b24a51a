"""The same results as words for a shell."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from sanban.desk.compliance.queries import APART, MET, NOT_MET, PARTLY, Result, Review


def words() -> dict[str, str]:
    """How a control stands."""
    return {MET: _("符合"), PARTLY: _("部分符合"), NOT_MET: _("不符合"), APART: _("不适用")}


def lines(review: Review) -> Iterator[tuple[str, str, str]]:
    """For each control: how it stands, its number and clause with what it asks, and what was seen."""
    said = words()
    for _title, results in review.families:
        for one in results:
            what = f"{one.control.number} {one.control.words}（{one.control.clause}，{_('条款号未经核对')}）"
            yield one.state, f"{said[one.state]}  {what}", seen(one)


def seen(one: Result) -> str:
    """What the looks saw, those that do not hold first."""
    return "".join(look.words for look in sorted(one.looks, key=lambda look: look.held is not False))
