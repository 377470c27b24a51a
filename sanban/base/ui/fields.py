"""Form fields: label above, error, control, help; and the summary of errors on top."""

from django.forms import BaseForm, BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


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
    context = {"bound": bound, "control": bound.as_widget(attrs=attrs), "shape": shape}
    return render_to_string("ui/_field.html", context)


def error_lines(form: BaseForm) -> list[tuple[str, str, str]]:
    """(anchor, label, message) for each error; errors of the whole form have no anchor."""
    lines = [("", "", str(message)) for message in form.non_field_errors()] if form.is_bound else []
    for bound in form:
        for message in bound.errors:
            group = isinstance(bound.field.widget, (RadioSelect, CheckboxSelectMultiple))
            anchor = f"{bound.auto_id}_0" if group else bound.auto_id
            lines.append((str(anchor), str(bound.label), str(message)))
    return lines
