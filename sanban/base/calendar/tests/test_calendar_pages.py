"""The year page marks holidays, make-up days and provisional months; publishing shows what changes first."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from sanban.base.calendar import views
from sanban.base.calendar.models import CalendarVersion
from sanban.base.calendar.tests.people import person
from sanban.base.clock import freeze

pytestmark = pytest.mark.django_db
HOURS = "08:30-12:00 14:00-17:30"


def prepared(request: HttpRequest, *roles: str) -> HttpRequest:
    request.actor = person(*roles)  # type: ignore[attr-defined]
    request.session = {}  # type: ignore[assignment]
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def get_year(year: str, *roles: str) -> str:
    with freeze(datetime(2026, 11, 22, tzinfo=UTC)):
        response = views.year(prepared(RequestFactory().get("/calendar/", {"year": year}), *roles))
    return response.content.decode()


def post(*roles: str, **fields: Any) -> HttpResponse:
    given = {"name": "2027 年放假安排", "hours": HOURS, "base_number": "0", "lines": "2027-01-01,放假,元旦"}
    request = RequestFactory().post("/calendar/publish/", given | fields)
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
    return views.publish(prepared(request, *roles))


def confirm(*roles: str, seen: str, **fields: Any) -> HttpResponse:
    return post(*roles, confirm="1", seen=seen, **fields)


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', page)
    assert found is not None
    return found.group(1)


def test_the_year_marks_holidays_make_up_days_and_today() -> None:
    page = get_year("2026")
    assert "全年工作日 248 天" in page
    assert 'title="国庆节">1<small>休</small>' in page
    assert '<td class="rest holiday" title="国庆节"' in page
    assert page.count("<small>休</small>") == 33
    assert page.count("<small>班</small>") == 6
    assert page.count('aria-current="date"') == 1
    assert "暂定</small>" not in page


def test_an_unpublished_year_is_marked_provisional_in_every_month() -> None:
    assert get_year("2027").count("暂定</small>") == 12


def test_a_year_outside_the_calendar_is_not_found() -> None:
    with pytest.raises(Http404):
        get_year("2999")


def test_only_those_who_may_publish_see_the_button() -> None:
    assert "发布新版本" in get_year("2026", "dispatcher")
    assert "发布新版本" not in get_year("2026", "officer")


def test_the_preview_names_each_changed_day_and_writes_nothing() -> None:
    page = post("dispatcher").content.decode()
    assert "预览：1 天的工作时间有变化" in page
    assert "2027-01-01" in page
    assert "放假安排公布至 2027-12-31" in page
    assert CalendarVersion.objects.count() == 0


def test_confirming_publishes_and_keeps_the_other_years() -> None:
    response = confirm("dispatcher", seen=seen_in(post("dispatcher").content.decode()))
    assert response.status_code == 302
    row = CalendarVersion.objects.get()
    assert (row.number, row.name) == (1, "2027 年放假安排")
    assert row.days.filter(date__year=2026).count() == 39
    assert row.days.filter(date__year=2027).count() == 1


def test_a_faulty_line_is_shown_with_its_number() -> None:
    response = post("dispatcher", lines="2027-02-30,放假")
    assert response.status_code == 422
    assert "第 1 行：没有 2027-02-30 这一天，请核对日期。" in response.content.decode()


def test_an_uploaded_file_is_read_and_a_wrong_encoding_is_refused() -> None:
    good = SimpleUploadedFile("2027.csv", "2027-05-01 至 2027-05-05,放假,劳动节".encode("utf-8-sig"))
    assert "预览：3 天的工作时间有变化" in post("dispatcher", lines="", file=good).content.decode()
    wrong = SimpleUploadedFile("2027.csv", "2027-05-01,放假".encode("gb18030"))
    assert "UTF-8" in post("dispatcher", lines="", file=wrong).content.decode()


def test_a_stale_preview_and_a_missing_right_are_refused_on_the_page() -> None:
    seen = seen_in(post("dispatcher").content.decode())
    assert confirm("officer", seen=seen).status_code == 403
    assert confirm("dispatcher", seen=seen).status_code == 302
    assert confirm("dispatcher", seen=seen).status_code == 409
    assert CalendarVersion.objects.count() == 1


def test_lines_changed_after_the_preview_are_previewed_again_instead_of_published() -> None:
    seen = seen_in(post("dispatcher").content.decode())
    page = confirm("dispatcher", seen=seen, lines="2027-01-04,放假").content.decode()
    assert "2027-01-04 星期一" in page
    assert CalendarVersion.objects.count() == 0
    assert confirm("dispatcher", seen=seen_in(page), lines="2027-01-04,放假").status_code == 302
