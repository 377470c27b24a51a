"""Choosing many units: type names, or tick them in the register of units; the keyboard reaches both without script."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from sanban.execute.task.naming import Directory, bare, split


class UnitPicker(forms.Widget):
    """A line for names and, folded away, a box to tick for every unit."""

    template_name = "task/unit_picker.html"
    choices: Mapping[int, str] = {}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """What was typed and ticked comes back as it was."""
        text, ticked = value if isinstance(value, tuple) else ("", [str(key) for key in value or ()])
        context = super().get_context(name, "", attrs)
        context["text"], context["ticked"] = text, sum(str(key) in ticked for key in self.choices)
        context["units"] = [(key, word, str(key) in ticked) for key, word in self.choices.items()]
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, list[str]]:
        """The typed line and the ticked ids."""
        ticked = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return str(data.get(f"{name}_text", "")), [str(key) for key in ticked]

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Nothing typed and nothing ticked is an answer too."""
        return False


class UnitsField(forms.Field):
    """The ids of the units that were typed or ticked."""

    widget: Any = UnitPicker
    units: Mapping[int, str] = {}

    def offer(self, units: Mapping[int, str]) -> None:
        """The units that may be chosen, by their short names."""
        self.units = units
        self.widget.choices = units

    def clean(self, value: Any) -> list[int]:
        """A name that is not quite right is refused with those that may be meant."""
        text, ticked = value
        known = {str(key): key for key in self.units}
        if any(key not in known for key in ticked):
            raise forms.ValidationError(_("勾选的单位已不在册，请重新选择。"))
        names = Directory(
            self.units, self.units, {bare(word): frozenset([key]) for key, word in self.units.items()}, {}
        )
        found = [known[key] for key in ticked]
        for name in split(text):
            exact = names.units(name)
            if not exact:
                near = "、".join(self.units[key] for key in names.candidates(name))
                words = (
                    _("没有单位“%(name)s”，可能是：%(near)s。请照此改写。")
                    if near
                    else _("没有单位“%(name)s”，请写单位名录中的简称，或在下面勾选。")
                )
                raise forms.ValidationError(words % {"name": name[:30], "near": near})
            found += exact
        return list(dict.fromkeys(found))


PARTNERS_HELP = _lazy("写简称，多个之间用顿号分开，如：省财政厅、省水利厅；也可在下面勾选。")
