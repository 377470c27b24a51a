"""Form fields: label above, error, control, help; and the summary of errors on top."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    SelectMultiple,
    Widget,
)
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

from sanban.base.ledger.errors import Refused
from sanban.base.ui.pieces import piece


def _described_by(bound: BoundField) -> str:
    ids = [f"{bound.auto_id}_err"] if bound.errors else []
    ids += [f"{bound.auto_id}_help"] if bound.help_text else []
    return " ".join(ids)


def field(bound: BoundField) -> SafeString:
    """Draw one field; the error is tied to the control, groups become a fieldset, ticks stand before their label."""
    widget = bound.field.widget
    attrs: dict[str, str | bool] = (
        {"aria-describedby": described} if (described := _described_by(bound)) else {}
    )
    if bound.errors:
        attrs["aria-invalid"] = "true"
    shape = "group" if isinstance(widget, (RadioSelect, CheckboxSelectMultiple)) else "plain"
    if isinstance(widget, CheckboxInput):
        shape = "tick"
    context = {"bound": bound, "control": control(bound, attrs), "shape": shape}
    return piece("ui/_field.html", context)


def control(bound: BoundField, attrs: Mapping[str, str | bool]) -> SafeString:
    """The control of a field as Django draws it; plain choices without a template for each line, for speed."""
    widget = bound.field.widget
    if type(widget) not in (Select, SelectMultiple) or bound.field.localize:
        return bound.as_widget(attrs=dict(attrs))
    choices = tuple(widget.choices)
    if any(isinstance(label, (list, tuple)) for _value, label in choices):  # groups
        return bound.as_widget(attrs=dict(attrs))
    given: dict[str, Any] = bound.build_widget_attrs(dict(attrs), widget)
    if bound.auto_id and "id" not in widget.attrs:
        given.setdefault("id", bound.auto_id)
    drawn: dict[str, Any] = Widget.get_context(widget, bound.html_name, None, given)["widget"]
    if widget.allow_multiple_selected:
        drawn["attrs"]["multiple"] = True
    chosen = tuple(widget.format_value(bound.value()))
    plain = tuple(("" if value is None else str(value), str(label)) for value, label in choices)
    lines = _options(plain, chosen, many=widget.allow_multiple_selected)
    return mark_safe(  # noqa: S308 - every value is escaped
        f'<select name="{escape(drawn["name"])}"{_attributes(drawn["attrs"])}>\n{lines}</select>'
    )


@lru_cache(maxsize=256)
def _options(choices: tuple[tuple[str, str], ...], chosen: tuple[str, ...], *, many: bool) -> str:
    """The lines of a select; those drawn lately are kept, for a list of a hundred units stands on many pages."""
    lines, left = [], set(chosen)
    for value, label in choices:
        mark = " selected" if value in left else ""
        left = set() if mark and not many else left
        lines.append(f'<option value="{escape(value)}"{mark}>{escape(label)}</option>\n')
    return "".join(lines)


def _attributes(attrs: Mapping[str, Any]) -> str:
    return "".join(
        f" {escape(name)}" + ("" if value is True else f'="{escape(str(value))}"')
        for name, value in attrs.items()
        if value is not False
    )


def error_lines(form: BaseForm) -> list[tuple[str, str, str]]:
    """(anchor, label, message) for each error; errors of the whole form have no anchor."""
    lines = [("", "", str(message)) for message in form.non_field_errors()] if form.is_bound else []
    for bound in form:
        for message in bound.errors:
            group = isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple))
            anchor = f"{bound.auto_id}_0" if group else bound.auto_id
            lines.append((str(anchor), str(bound.label), str(message)))
    return lines


def blame(form: BaseForm, refusal: Refused, **names: str) -> None:
    """Put a refusal at the field where the person can mend it; `names` says which field asks for what an act calls
    otherwise."""
    field = refusal.field or ""
    field = names.get(field, field)
    form.add_error(field if field in form.fields else None, refusal.message)


def attempt(form: BaseForm, act: Callable[[], object]) -> int:
    """Carry out what a sent form asks for: 0 when it is done, else the status of the page that shows what to mend."""
    if not form.is_valid():
        return 422
    try:
        act()
    except Refused as refusal:
        blame(form, refusal)
        return status_of(refusal)
    return 0


def status_of(refusal: Refused) -> int:
    """The status of a page that shows a refusal: no right, the object moved on, or not possible so."""
    return {"denied": 403, "conflict": 409}.get(refusal.code, 422)
