"""Cooperating units are typed or ticked; what is not quite right is answered with what may be meant."""

import pytest
from django.forms import ValidationError
from django.http import QueryDict

from sanban.execute.task.picking import UnitsField

UNITS = {1: "省水利厅", 2: "省财政厅", 3: "澜阳市"}


@pytest.fixture
def field() -> UnitsField:
    made = UnitsField(required=False)
    made.offer(UNITS)
    return made


def given(field: UnitsField, query: str) -> list[int]:
    return field.clean(field.widget.value_from_datadict(QueryDict(query), {}, "p"))


def test_typed_and_ticked_units_come_together_each_once(field: UnitsField) -> None:
    assert given(field, "p_text=省财政厅、 澜阳市&p=1&p=2") == [1, 2, 3]
    assert given(field, "") == []


def test_a_name_not_quite_right_is_refused_with_those_that_may_be_meant(field: UnitsField) -> None:
    with pytest.raises(ValidationError, match="没有单位“水利厅”，可能是：省水利厅"):
        given(field, "p_text=水利厅")
    with pytest.raises(ValidationError, match="没有单位“铁路”，请写单位名录中的简称"):
        given(field, "p_text=铁路")


def test_a_unit_that_is_not_offered_cannot_be_ticked(field: UnitsField) -> None:
    with pytest.raises(ValidationError, match="已不在册"):
        given(field, "p=9")


def test_what_was_typed_and_ticked_is_shown_again(field: UnitsField) -> None:
    page = field.widget.render("p", ("铁路", ["2"]), {"id": "id_p"})
    assert 'name="p_text" value="铁路" id="id_p"' in page
    assert 'value="2" checked' in page
    assert 'value="1" checked' not in page
    assert 'value="3" checked' in field.widget.render("p", [3], {"id": "id_p"})
