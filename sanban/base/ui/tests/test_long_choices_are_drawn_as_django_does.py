"""A list of choices is drawn without a template for every line, and says what Django's own drawing says."""

import re

import pytest
from django import forms

from sanban.base.ui.fields import control

CHOICES = [
    ("", "请选择"),
    ("1", "水利厅 <甲>"),
    ("2", "交通厅 & 乙"),
    ("各市", [("3", "东江市"), ("4", '"西"河市')]),
]


class Form(forms.Form):
    one = forms.ChoiceField(choices=CHOICES)
    more = forms.MultipleChoiceField(choices=CHOICES, required=False)
    typed = forms.TypedChoiceField(
        choices=CHOICES, coerce=int, widget=forms.Select(attrs={"id": "own", "size": 4})
    )
    boxes = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)


def plain(html: str) -> str:
    return re.sub(r">\s+<", "><", html).strip()


@pytest.mark.parametrize("name", ["one", "more", "typed", "boxes"])
@pytest.mark.parametrize("data", [None, {"one": "2", "more": ["1", "3"], "typed": "4"}, {"one": "<x>"}])
def test_the_drawing_is_djangos(name: str, data: dict[str, object] | None) -> None:
    form = Form(data, initial={"one": "1"}, prefix="a")
    attrs: dict[str, str | bool] = {"aria-describedby": "note", "aria-invalid": "true"}
    assert plain(control(form[name], attrs)) == plain(form[name].as_widget(attrs=attrs))
