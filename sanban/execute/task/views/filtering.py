"""The register's filter as typed in the address: the same for the page, its counts and its export."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.people.queries import active_units
from sanban.execute.task import queries
from sanban.execute.task.forms import FilterForm
from sanban.execute.task.queries import TaskFilter


@dataclass(frozen=True, slots=True)
class Wanted:
    """The form as filled in, the filter that follows, and what is narrowed in words."""

    form: FilterForm
    asked: dict[str, Any]
    filter: TaskFilter

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order was asked for."""
        return any(value for name, value in self.asked.items() if name != "sort")

    def words(self) -> str:
        """The filter in one line, for the head of an export."""
        said = [
            _("%(label)s：%(value)s") % {"label": bound.label, "value": _shown(bound, self.asked[bound.name])}
            for bound in self.form
            if not bound.is_hidden and self.asked.get(bound.name)
        ]
        if self.asked.get("area"):
            said.append(str(queries.AREAS[self.asked["area"]]))
        return "；".join(said) or (_("在办事项") if self.filter.open_only else _("全部"))


def wanted(request: HttpRequest, actor: Actor) -> Wanted:
    """Read the filter; what is not understood narrows nothing. At most two queries."""
    form = FilterForm(request.GET)
    form.fields["unit"].choices = [("", _("全部单位")), *active_units(actor=actor).items()]  # type: ignore[attr-defined]
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    unit, area = asked.get("unit"), asked.get("area") or ""
    under: tuple[int, ...] = ()
    if area or (unit and asked.get("below")):
        under = queries.units_under(actor=actor, unit_id=unit if asked.get("below") else None, area=area) or (
            0,
        )
    made = TaskFilter(
        q=asked.get("q", ""), light=asked.get("light", ""), state=asked.get("state", ""),
        lead=None if under and asked.get("below") else unit, under=under, policy=asked.get("policy"),
        mine=asked.get("mine", False), sort=asked.get("sort") or "due",
        open_only=not any(asked.get(name) for name in ("q", "light", "state", "policy")),
    )  # fmt: skip
    return Wanted(form, asked, made)


def _shown(bound: Any, value: Any) -> str:
    choices = {str(key): str(word) for key, word in getattr(bound.field, "choices", ())}
    return _("是") if value is True else choices.get(str(value), str(value))
