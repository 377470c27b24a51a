"""Form fields: label above, error, control, help; and the summary of errors on top."""

from collections.abc import Mapping
from typing import Any

from django.forms import (
    BaseForm,
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    SelectMultiple,
)
from django.utils.safestring import SafeString, mark_safe
from markupsafe import escape

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
    """The control of a field as Django draws it; long choices without a template for each line, for speed."""
    widget = bound.field.widget
    if type(widget) not in (Select, SelectMultiple) or bound.field.localize:
        return bound.as_widget(attrs=dict(attrs))
    given: dict[str, Any] = bound.build_widget_attrs(dict(attrs), widget)
    if bound.auto_id and "id" not in widget.attrs:
        given.setdefault("id", bound.auto_id)
    drawn = widget.get_context(bound.html_name, bound.value(), given)["widget"]
    lines = [f'<select name="{escape(drawn["name"])}"{_attributes(drawn["attrs"])}>']
    for group, options, _index in drawn["optgroups"]:
        lines += [f'<optgroup label="{escape(group)}">'] if group else []
        lines += [
            f'<option value="{escape(str(option["value"]))}"{_attributes(option["attrs"])}>'
            f"{escape(option['label'])}</option>"
            for option in options
        ]
        lines += ["</optgroup>"] if group else []
    return mark_safe("\n".join([*lines, "</select>"]))  # noqa: S308 - every value above is escaped


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
