"""Target grammar: name, operator, value and unit."""

import pytest

from sanban.study.assistant.reading.targets import read_targets


def _targets(text: str, issued: int | None = None) -> list[tuple[str, str, int | float, str]]:
    return [
        (aim.target.name, aim.target.op, aim.target.value, aim.target.unit)
        for aim in read_targets(text, 0, len(text), issued)
    ]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("网上可办率达到95%以上", ("网上可办率", ">=", 95, "%")),
        ("办结率不低于92.5%", ("办结率", ">=", 92.5, "%")),
        ("能耗控制在3万吨以内", ("能耗", "<=", 3, "万吨")),
        ("投诉率低于2%", ("投诉率", "<", 2, "%")),
        ("覆盖率提高18个百分点", ("覆盖率", "+", 18, "个百分点")),
        ("办理时限压缩40%", ("办理时限", "-", 40, "%")),
        ("投入资金1,200万元以上", ("投入资金", ">=", 1200, "万元")),
        ("服务群众300万人次左右", ("服务群众", "~", 300, "万人次")),
        ("新建站点120座", ("站点", "=", 120, "座")),
    ],
)
def test_a_figure_with_an_operator_is_a_target(text, target):
    (found,) = _targets(text)
    assert found[1:] == target[1:]
    assert target[0].startswith(found[0]) or found[0].endswith(target[0])


def test_a_span_of_figures_gives_a_floor_and_a_ceiling():
    assert [target[1:] for target in _targets("按照总用量的60%—70%估算")] == [
        (">=", 60, "%"),
        ("<=", 70, "%"),
    ]


@pytest.mark.parametrize(
    "text", ["清政发〔2024〕12号", "2024年6月", "第3条", "共7天", "到2024年底", "《十项措施100条》"]
)
def test_other_numbers_are_no_targets(text):
    assert _targets(text) == []


def test_a_figure_of_a_past_year_is_background():
    assert _targets("2017年覆盖率达到80%以上。", 2019) == []
    assert len(_targets("到2020年覆盖率达到80%以上。", 2019)) == 1
