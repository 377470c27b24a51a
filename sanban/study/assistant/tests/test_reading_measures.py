"""Measures, doers, dates and targets of invented papers, with exact values."""

from typing import Any

from sanban.study.assistant.reading import Measure, read_document

from .papers import LIST, PLAN, TABLE


def _plan() -> dict[str, Measure]:
    return {
        measure.path.rsplit("/", 1)[-1] + measure.text[3:7]: measure
        for measure in read_document(PLAN).measures
    }


def _only(body: str) -> Measure:
    paper = f"清江省安排\n一、重点任务\n{body}\n清江省人民政府\n2024年3月5日\n"
    (measure,) = read_document(paper).measures
    return measure


def test_title_number_organ_and_date_are_read_from_head_and_signature():
    assert read_document(PLAN, doc="P").as_dict()["meta"] == {
        "title": "清江省人民政府办公厅关于印发2024年数字政务提升行动方案的通知",
        "number": "清政办发〔2024〕12号",
        "organ": "清江省人民政府办公厅",
        "date": "2024-03-05",
    }


def test_a_date_in_chinese_numerals_is_the_date_of_the_paper():
    meta = read_document(LIST).meta
    assert (meta.title, meta.organ, meta.date) == (
        "清江省2024年营商环境任务清单",
        "清江省人民政府",
        "2024-04-01",
    )


def test_the_lowest_numbered_item_is_the_measure_and_begins_at_its_number():
    reading = read_document(PLAN)
    assert [measure.path for measure in reading.measures] == [
        "二/（一）/1.",
        "二/（一）/2.",
        "二/（一）/3.",
        "二/（二）/4.",
        "二/（二）/5.",
        "二/（二）/6.",
        "二/（二）/7.",
        "二/（二）/8.",
        "三/（一）",
    ]
    assert all(PLAN[measure.start : measure.end] == measure.text for measure in reading.measures)
    assert reading.measures[0].text.startswith("1. 建设全省统一平台。")
    assert reading.measures[3].text.endswith("责任人：李明")


def test_goals_are_kept_apart_from_measures_with_their_targets():
    (goal,) = read_document(PLAN).goals
    assert goal.path == "一/（二）"
    assert goal.deadlines == ("2024-12-31",)
    assert [target.as_dict() for target in goal.targets] == [
        {"name": "网上可办率", "op": ">=", "value": 95, "unit": "%"},
        {"name": "办理时限", "op": "-", "value": 40, "unit": "%"},
    ]


def test_a_bracket_with_lead_and_cooperation_gives_both_roles():
    measure = _plan()["1.建设全省"]
    assert (measure.lead, measure.coop, measure.resp) == (("省数据局",), ("省发展改革委", "省财政厅"), ())


def test_a_bracket_in_half_width_signs_is_read_like_a_full_one():
    measure = _plan()["2.清理材料"]
    assert (measure.lead, measure.coop) == (("省政务服务局",), ("省司法厅", "各市人民政府"))
    assert measure.deadlines == ("2024-06-30",)


def test_a_responsibility_label_names_units_without_a_lead():
    measure = _plan()["3.建设共享"]
    assert (measure.lead, measure.coop, measure.resp) == ((), (), ("省数据局", "省公安厅"))


def test_labels_on_lines_of_their_own_give_units_deadline_and_person():
    measure = _plan()["4.建立联席"]
    assert (measure.lead, measure.coop) == (("省政府办公厅",), ("省委编办", "省人力资源社会保障厅"))
    assert measure.deadlines == ("R:quarterly", "LONG")
    assert [fact.value for fact in measure.facts if fact.field == "person"] == ["李明"]


def test_units_that_lead_respectively_all_lead():
    measure = _plan()["5.优化窗口"]
    assert (measure.lead, measure.coop, measure.resp) == (("省住房城乡建设厅", "省自然资源厅"), (), ())


def test_a_conjunction_inside_a_name_does_not_split_it():
    assert _plan()["6.开展培训"].resp == ("省委组织部", "省人力资源和社会保障厅", "各市州人民政府")


def test_acting_with_others_makes_the_first_lead_and_the_others_cooperate():
    measure = _plan()["7.规范收费"]
    assert (measure.lead, measure.coop, measure.resp) == (("省发展改革委",), ("省财政厅", "省市场监管局"), ())
    assert measure.deadlines == ("LONG",)


def test_a_class_of_units_with_a_bracket_in_its_name_is_one_name_and_no_unit_is_none():
    measure = _plan()["8.数据报送"]
    assert (measure.lead, measure.coop, measure.resp) == ((), (), ("各县（市、区）人民政府",))
    assert measure.deadlines == ("R:monthly:28",)


def test_subjects_of_duties_count_and_vague_subjects_do_not():
    measure = read_document(PLAN).measures[-1]
    assert measure.resp == ("各级人民政府", "省统计局")
    assert measure.deadlines == ("P30D",)


def test_the_first_listed_leads_where_the_paper_says_so_and_the_rule_is_visible():
    reading = read_document(LIST)
    first, second = reading.measures
    assert (first.lead, first.coop, first.resp) == (("省市场监管局",), ("省税务局", "省公安厅"), ())
    assert (second.lead, second.coop) == (("省司法厅",), ("省市场监管局",))
    assert {(fact.rule, fact.confidence) for fact in first.facts if fact.field in ("lead", "coop")} == {
        ("convention.first_leads", "convention")
    }
    assert [fact.value for fact in reading.facts if fact.field == "convention"] == ["排在第一位的为牵头单位"]


def test_without_that_sentence_a_list_of_units_has_no_lead():
    reading = read_document(LIST.replace("排在第一位的为牵头单位，其他为配合单位", "要抓好落实"))
    assert (reading.measures[0].lead, reading.measures[0].resp) == (
        (),
        ("省市场监管局", "省税务局", "省公安厅"),
    )


def test_rows_of_a_task_table_are_measures_and_column_heads_give_the_roles():
    first, second = read_document(TABLE).measures
    assert (first.path, first.lead, first.coop) == ("表/1", ("省数据局",), ("省财政厅", "省发展改革委"))
    assert first.deadlines == ("2024-06-30",)
    assert [target.as_dict() for target in first.targets] == [
        {"name": "建成基层站点", "op": ">=", "value": 10, "unit": "个"}
    ]
    assert (second.lead, second.coop, second.deadlines) == (("省统计局",), (), ("LONG",))


def test_a_bracket_outweighs_the_subjects_of_the_sentences():
    measure = _only("1.强化指导。省水利厅要加强巡查。（省农业农村厅负责）")
    assert measure.resp == ("省农业农村厅",)


def test_a_request_names_its_doer_and_its_partner():
    measure = _only("1.完善办法。请省财政厅会同省科技厅制定细则。")
    assert (measure.lead, measure.coop) == (("省财政厅",), ("省科技厅",))


def test_a_duty_to_act_with_others_makes_a_lead_and_a_partner():
    measure = _only("1.加强监测。省水利厅要会同省统计局等部门加强监测。")
    assert (measure.lead, measure.coop, measure.resp) == (("省水利厅",), ("省统计局",), ())


def test_the_partner_may_stand_in_a_clause_of_its_own():
    measure = _only("1.流域协作。由省水利厅牵头，会同省发展改革委、省生态环境厅制定方案，省财政厅予以配合。")
    assert (measure.lead, measure.coop) == (("省水利厅",), ("省发展改革委", "省生态环境厅", "省财政厅"))
    assert measure.resp == ()


def test_words_that_only_end_like_an_organ_are_no_units():
    measure = _only("1.完善布局。全面部署任务，优化布局要科学，内部要协调，社会要参与，干部要担当。")
    assert (measure.lead, measure.coop, measure.resp) == ((), (), ())


def test_a_register_name_is_known_although_the_grammar_does_not_see_it():
    text = "清江省安排\n一、重点任务\n1.开展巡护。青云湖巡护队要每日巡护。\n清江省人民政府\n2024年3月5日\n"
    assert read_document(text).measures[0].resp == ()
    assert read_document(text, known_units=["青云湖巡护队"]).measures[0].resp == ("青云湖巡护队",)


def test_sub_items_without_units_or_dates_stay_in_their_item():
    text = (
        "清江省安排\n一、组织形式\n（一）成立办公室。省财政厅承担办公室日常工作，做好统筹和服务保障工作。\n"
        "1.监督组。做好监督。\n2.专家组。提供咨询。\n清江省人民政府\n2024年3月5日\n"
    )
    (measure,) = read_document(text).measures
    assert measure.text.endswith("2.专家组。提供咨询。")
    assert measure.resp == ("省财政厅",)


def test_sub_items_with_their_own_units_are_measures_of_their_own():
    text = (
        "清江省安排\n一、组织形式\n（一）分头推进。各项工作按照下列分工推进，确保各环节衔接顺畅、落到实处。\n"
        "1.做好监督。（省审计厅负责）\n2.提供咨询。（省科技厅负责）\n清江省人民政府\n2024年3月5日\n"
    )
    assert [measure.resp for measure in read_document(text).measures] == [("省审计厅",), ("省科技厅",)]


def test_a_paragraph_under_an_unnumbered_title_is_a_measure_and_its_unit_line_belongs_to_it():
    text = (
        "清江省安排\n一、重点任务\n推进管网改造，确保供水安全。\n（省住房城乡建设厅负责）\n"
        "清江省人民政府\n2024年3月5日\n"
    )
    (measure,) = read_document(text).measures
    assert measure.text == "推进管网改造，确保供水安全。\n（省住房城乡建设厅负责）"
    assert measure.resp == ("省住房城乡建设厅",)


def test_the_output_has_exactly_the_agreed_keys():
    entry: dict[str, Any] = read_document(PLAN, doc="P").as_dict()
    assert list(entry) == ["doc", "meta", "measures", "goals"]
    measure = entry["measures"][0]
    assert list(measure) == [
        "path",
        "text",
        "start",
        "end",
        "lead",
        "coop",
        "resp",
        "deadlines",
        "targets",
        "facts",
    ]
    assert list(measure["facts"][0]) == ["field", "value", "start", "end", "rule", "confidence"]
