"""Days as people write them."""

from datetime import date

import pytest

from sanban.execute.task.days import read_day

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026/12/31", date(2026, 12, 31)),
        ("2026.12.31", date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        (20261231, date(2026, 12, 31)),
        (46387, date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
        ("2026年12月31日前", date(2026, 12, 31)),
        ("2026年12月31日17:30", date(2026, 12, 31)),
        ("2026-12-31 00:00:00", date(2026, 12, 31)),
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("２０２６－１２－３１", date(2026, 12, 31)),
        ("2026年12月底", date(2026, 12, 31)),
        ("2026年6月底前", date(2026, 6, 30)),
        ("2026年11月", date(2026, 11, 30)),
        ("2026年6月上旬", date(2026, 6, 10)),
        ("2026年底", date(2026, 12, 31)),
        ("今年底", date(2026, 12, 31)),
        ("明年底", date(2027, 12, 31)),
        ("年底前", date(2026, 12, 31)),
        ("12月31日", date(2026, 12, 31)),
        ("6月底", date(2026, 6, 30)),
        ("第三季度末", date(2026, 9, 30)),
        ("2026年二季度", date(2026, 6, 30)),
        ("上半年", date(2026, 6, 30)),
    ],
)
def test_a_day_is_understood(written: object, meant: date) -> None:
    assert read_day(written, TODAY).day == meant  # type: ignore[arg-type]


def test_a_day_without_year_that_has_passed_is_asked_and_not_guessed() -> None:
    assert (read_day("2月10日", TODAY).day, read_day("2月10日", TODAY).asked) == (None, date(2027, 2, 10))
    assert read_day("1月底", TODAY).asked == date(2027, 1, 31)


@pytest.mark.parametrize("written", ["长期", "尽快", "26/12/31", "2026-13-01", "2月30日", 12, "31/12/2026"])
def test_what_is_no_day_is_a_fault_that_says_how_to_write_it(written: object) -> None:
    reading = read_day(written, TODAY)  # type: ignore[arg-type]
    assert (reading.day, reading.asked) == (None, None)
    assert "2026-12-31" in reading.fault or "请核对月和日" in reading.fault
