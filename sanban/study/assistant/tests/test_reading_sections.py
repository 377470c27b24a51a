"""Heading grammar and section roles."""

from sanban.study.assistant.reading import Section, read_document

from .papers import PLAN


def _sections(text: str) -> list[Section]:
    return list(read_document(text).sections)


def test_sections_carry_level_extent_and_role():
    sections = {section.path: section for section in _sections(PLAN)}
    paths = ("一", "一/（二）", "二", "二/（一）", "三")
    assert [(path, sections[path].level, sections[path].role) for path in paths] == [
        ("一", 1, "principle"),
        ("一/（二）", 2, "goal"),
        ("二", 1, "measure"),
        ("二/（一）", 2, "measure"),
        ("三", 1, "safeguard"),
    ]
    assert PLAN[sections["二/（一）"].start : sections["二/（一）"].end].startswith(
        "（一）统一办事入口\n1. 建设"
    )


def test_a_chain_of_numbering_nests_from_chapter_to_circled_number():
    text = (
        "清江省办法\n第一章 总则\n第一条 应当公开。\n（一）要登记。\n1.要核对。\n（1）要签字。\n①要留存。\n"
    )
    assert [section.path for section in _sections(text)][-1] == "第一章/第一条/（一）/1./（1）/①"


def test_numbering_that_restarts_under_each_section_is_no_restart():
    text = "清江省安排\n一、任务\n1.要查。\n2.要改。\n二、措施\n1.要报。\n"
    assert [(section.path, section.note) for section in _sections(text)] == [
        ("一", ""),
        ("一/1.", ""),
        ("一/2.", ""),
        ("二", ""),
        ("二/1.", ""),
    ]


def test_a_skip_and_a_restart_are_allowed_and_noted():
    text = "清江省安排\n一、任务\n要查。\n三、措施\n要报。\n一、其他\n要评。\n"
    assert [section.note for section in _sections(text)] == ["", "skip", "restart"]


def test_decimal_headings_of_an_emergency_plan_nest():
    text = (
        "清江省防汛应急预案\n1 总则\n1.1 编制目的\n为了防汛。\n2 机构\n2.1 指挥机构\n2.1.1 "
        "省防汛指挥部要统一指挥。\n"
    )
    assert [section.path for section in _sections(text)] == ["1", "1/1.1", "2", "2/2.1", "2/2.1/2.1.1"]


def test_a_decimal_number_at_the_beginning_of_a_line_is_no_heading():
    assert _sections("清江省通报\n1.5万人参加了培训，要继续做好工作。\n") == []


def test_meaning_principles_and_scope_give_no_measures():
    text = (
        "清江省意见\n一、充分认识重要意义\n各级人民政府要提高认识。\n二、基本原则\n（一）坚持公开。省财政厅要公开。\n"
        "三、适用范围\n省级单位应当执行。\n四、主要措施\n（一）公开账目。省审计厅要检查。\n"
    )
    assert [measure.path for measure in read_document(text).measures] == ["四/（一）"]


def test_the_article_on_coming_into_force_is_no_measure():
    text = "清江省办法\n第一条 省财政厅应当公开预算。\n第二条 本办法自2024年5月1日起施行。\n"
    assert [measure.path for measure in read_document(text).measures] == ["第一条"]


def test_a_notice_that_only_encloses_a_plan_has_no_measures_of_its_own():
    assert all(measure.start > PLAN.index("一、总体要求") for measure in read_document(PLAN).measures)


def test_unnumbered_paper_gives_its_paragraphs_that_lay_duties():
    text = (
        "清江省通知\n各市人民政府：\n近年来成绩明显。\n省应急厅要开展检查。\n清江省人民政府\n2024年3月5日\n"
    )
    (measure,) = read_document(text).measures
    assert (measure.text, measure.resp) == ("省应急厅要开展检查。", ("省应急厅",))


def test_an_order_takes_its_number_from_two_lines_and_its_title_from_what_it_enacts():
    text = (
        "清江省人民政府令\n第12号\n现予公布。\n省长 张三\n2024年3月5日\n清江省湖泊保护办法\n第一条 "
        "应当保护湖泊。\n"
    )
    meta = read_document(text).meta
    assert (meta.number, meta.organ, meta.title) == (
        "清江省人民政府令第12号",
        "清江省人民政府",
        "清江省湖泊保护办法",
    )
