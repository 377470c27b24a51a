"""Times, lights, charts, spans and fields as people read them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from sanban.base import clock
from sanban.base.ui import charts, icons, lights, spans, times

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon_in_the_office():
    with clock.freeze(NOON):
        yield


@pytest.mark.parametrize(
    ("offset", "text"),
    [
        (timedelta(hours=6), "今天 18:00"),
        (timedelta(hours=12), "明天 00:00"),
        (timedelta(days=-1), "昨天 12:00"),
        (timedelta(days=2), "11月24日"),
        (timedelta(days=-365), "2025年11月22日"),
    ],
)
def test_a_time_is_said_as_the_office_says_it(offset: timedelta, text: str) -> None:
    assert times.when_text(NOON + offset) == text


def test_a_time_carries_its_whole_instant() -> None:
    assert times.when(NOON) == (
        '<time datetime="2026-11-22T12:00+08:00" title="2026年11月22日 12:00">今天 12:00</time>'
    )
    assert times.when(None) == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (NOON + timedelta(days=2), "剩 2 天"),
        (NOON + timedelta(hours=6), "今天 18:00 到期"),
        (NOON - timedelta(hours=3), "今天 09:00 已过"),
        (NOON - timedelta(days=3), "超期 3 天"),
        (date(2026, 11, 22), "今天到期"),
        (date(2026, 11, 23), "剩 1 天"),
    ],
)
def test_a_due_date_says_what_is_left(value: datetime | date, text: str) -> None:
    assert times.due_text(value) == text


def test_a_due_date_has_the_colour_of_its_light_and_a_concluded_one_only_its_date() -> None:
    assert 'class="over"' in times.due(NOON - timedelta(days=3), "red")
    assert 'class="soon"' in times.due(NOON + timedelta(days=2), "amber")
    assert "超期" not in times.due(NOON - timedelta(days=3), "done")
    assert times.due(None) == '<span class="muted">无时限</span>'


@pytest.mark.parametrize("key", lights.KEYS)
def test_a_light_has_a_shape_and_a_word_beside_its_colour(key: str) -> None:
    drawn = lights.light(key)
    assert f'href="#l-{key}"' in drawn
    assert str(lights.WORDS[key]) in drawn
    assert f'class="light {key}"' in drawn


def test_unknown_lights_are_not_started_and_words_are_escaped() -> None:
    assert lights.light_key("purple") == "idle"
    assert lights.light_key("concluded") == "done"
    assert "&lt;b&gt;" in lights.light("red", "<b>", chip=True)


def test_a_light_bar_keeps_its_order_fills_the_width_and_says_its_numbers() -> None:
    drawn = lights.light_bar(1, 1, 2)
    assert 'aria-label="红灯 1，黄灯 1，绿灯 2"' in drawn
    assert drawn.index("url(#hatch)") < drawn.index("f-amber") < drawn.index("f-green")
    assert '<rect x="50.00%" width="50.00%" height="100%" class="f-green"/>' in drawn
    assert "rect" not in lights.light_bar(0, 0, 0)


def test_one_part_in_a_thousand_can_still_be_seen() -> None:
    assert '<rect x="0.00%" width="1.96%"' in lights.light_bar(1, 0, 999)


def test_charts_say_a_sentence_and_carry_their_numbers() -> None:
    drawn = charts.line_chart([90, None, 92.5], ["一", "二", "<三>"], 92, "按期率", "升到 92.5%。", "%")
    assert "<title>按期率</title><desc>升到 92.5%。</desc>" in drawn
    assert '<td class="n">—</td>' in drawn
    assert "&lt;三&gt;" in drawn and "<三>" not in drawn
    assert "目标 92%" in drawn
    assert drawn.count("M44.0") == 1 and "L" not in drawn.split('class="trend" d="')[1].split('"')[0]


def test_a_chart_without_numbers_says_so() -> None:
    assert "还没有数据" in charts.line_chart([None], ["一"], None, "按期率", "")


def test_stacked_bars_refuse_a_colour_that_is_not_a_token() -> None:
    with pytest.raises(ValueError, match="unknown series key 'pink'"):
        charts.stacked_bars([("红", "pink", [1])], ["一"], "题", "句")


def test_stacked_bars_hold_every_part_and_survive_zeroes() -> None:
    drawn = charts.stacked_bars([("红", "red", [2, 0]), ("黄", "amber", [2, 0])], ["一", "二"], "题", "句")
    assert drawn.count("<rect") == 2 + 2  # two parts of the first column, two squares of the legend


def test_a_flat_line_and_a_single_value_do_not_break_a_sparkline() -> None:
    assert "10.0" in charts.sparkline([3, 3, 3])
    assert charts.sparkline([3]) == ""


def test_an_icon_is_drawn_inline_and_a_wrong_name_is_named() -> None:
    assert icons.icon("bell").startswith('<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><path')
    assert 'aria-label="消息"' in icons.icon("bell", "消息")
    with pytest.raises(ValueError, match="'no-such-icon'"):
        icons.icon("no-such-icon")


def test_overlapping_findings_are_cut_where_they_meet_and_text_is_escaped() -> None:
    drawn = spans.marked("甲<乙>丙丁", [spans.Span(0, 3, "red"), spans.Span(2, 5)])
    assert drawn == (
        '<mark data-span="0-2" class="red" tabindex="0">甲&lt;</mark>'
        '<mark data-span="2-3" tabindex="0">乙</mark>'
        '<mark data-span="3-5">&gt;丙</mark>丁'
    )


def test_findings_outside_the_text_are_left_out() -> None:
    assert spans.marked("甲乙", [spans.Span(1, 9), spans.Span(1, 1)]) == "甲乙"


class Letter(forms.Form):
    title = forms.CharField(label="名称", help_text="不超过 60 字")
    note = forms.CharField(label="说明", required=False)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)

    def clean(self) -> None:
        raise forms.ValidationError("两处不一致")


def _render(text: str, **context: object) -> str:
    return engines["jinja2"].from_string(text).render(context)


def test_a_wrong_field_is_tied_to_its_error_and_its_help() -> None:
    drawn = _render("{{ field(form.title) }}", form=Letter({}))
    assert 'aria-describedby="id_title_err id_title_help"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert "必填" in drawn
    assert "选填" in _render("{{ field(form.note) }}", form=Letter())


def test_the_summary_links_each_error_to_its_field_and_is_absent_without_errors() -> None:
    drawn = _render("{{ errors(form) }}", form=Letter({}))
    assert "有 3 处需要改正" in drawn
    assert 'href="#id_title"' in drawn and 'href="#id_kind_0"' in drawn
    assert "<li>两处不一致</li>" in drawn
    assert _render("{{ errors(form) }}", form=Letter()).strip() == ""


def test_a_changed_query_goes_back_to_the_first_page() -> None:
    request = RequestFactory().get("/?light=red&page=3&unit=7")
    assert _render("{{ qs(light='amber', unit=None) }}", request=request) == "?light=amber"
    assert _render("{{ qs(page=2) }}", request=request) == "?light=red&amp;unit=7&amp;page=2"
