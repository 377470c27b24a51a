"""A written name finds its organ in the register, with the reason."""

from sanban.study.assistant.reading import resolve_unit

REGISTER = [
    (1, "清江省发展和改革委员会", ["省发展改革委", "省发改委"]),
    (2, "清江省财政厅", ["省财政厅"]),
    (3, "清江省人力资源和社会保障厅", []),
    (4, "白石市财政局", ["市财政局"]),
    (5, "清江省农业农村厅", []),
]


def _found(name: str) -> list[tuple[int, str]]:
    return [(candidate.id, candidate.reason) for candidate in resolve_unit(name, REGISTER)]


def test_the_full_name_is_exact_and_stands_first():
    best = resolve_unit("清江省财政厅", REGISTER)[0]
    assert (best.id, best.name, best.reason, best.score) == (2, "清江省财政厅", "exact", 1.0)


def test_blanks_widths_and_a_trailing_etc_do_not_matter():
    assert _found("清江省 财政厅等")[0] == (2, "exact")


def test_an_alias_is_found_as_alias():
    assert _found("省发改委")[0] == (1, "alias")


def test_a_tail_of_the_official_name_is_a_suffix():
    assert _found("农业农村厅")[0] == (5, "suffix")


def test_short_forms_of_everyday_writing_count_as_suffix():
    assert _found("省人力资源社会保障厅")[0] == (3, "suffix")


def test_an_abbreviation_keeps_the_order_of_the_letters():
    assert _found("人社厅")[0] == (3, "abbreviation")


def test_a_misspelt_name_is_similar_and_ranked_below_everything_else():
    assert _found("清江省农业农林厅")[0] == (5, "similar")


def test_a_name_of_nobody_finds_nobody():
    assert _found("某某集团") == []
    assert _found("") == []


def test_ties_are_ranked_the_same_way_every_time():
    assert [candidate.id for candidate in resolve_unit("财政厅", REGISTER)] == [
        candidate.id for candidate in resolve_unit("财政厅", list(reversed(REGISTER)))
    ]


def test_no_more_than_the_limit_is_returned():
    assert len(resolve_unit("清江省", REGISTER, limit=2)) <= 2
