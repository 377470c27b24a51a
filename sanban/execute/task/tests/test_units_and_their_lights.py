"""Units and their lights: rolled up along the tree, red first, every number proved by the register."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.people import actions as people
from sanban.base.people.drafts import UnitDraft
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions, ticking
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY, Office, open_office

pytestmark = pytest.mark.django_db
LATE = FRIDAY_DUE + timedelta(hours=1)


@pytest.fixture
def office() -> Office:
    """A city with two counties beside the departments; two of its tasks are late; the others are silent."""
    late, later = FRIDAY_DUE, FRIDAY_DUE + timedelta(days=270)
    with clock.freeze(MONDAY):
        made = open_office()
        drafts = [UnitDraft(code="city", name="澜阳市人民政府", short="澜阳市", kind="city")]
        drafts += [
            UnitDraft(code=code, name=f"{name}人民政府", short=name, kind="county", parent_code="city")
            for code, name in (("north", "北县"), ("south", "南县"))
        ]
        made.units.update(
            zip(("city", "north", "south"), people.create_units(SYSTEM, units=drafts), strict=True)
        )
        actions.assign_many(made.dispatcher, drafts=[
            TaskDraft(title=f"事项{n}", lead_id=made.units[code], due_at=due)
            for n, (code, due) in enumerate([("city", later), ("north", late), ("south", late), ("water", later)])
        ])  # fmt: skip
    with clock.freeze(LATE):
        ticking.tick_all(SYSTEM)
    return made


def numbers(page: str, name: str) -> list[int]:
    row = next(part for part in page.split("<tr")[1:] if f"{name}</th>" in part)
    return [int(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r'<td class="n[^>]*>(.*?)</td>', row)]


def opened(client: Client, path: str) -> str:
    with clock.freeze(LATE):
        return client.get(path).content.decode()


def test_a_city_counts_itself_and_its_counties(office: Office) -> None:
    page = opened(signed_in(office.dispatcher), "/tasks/units/")
    assert numbers(page, "澜阳市") == [3, 2, 1, 0, 0]
    assert numbers(page, "　北县") == [1, 1, 0, 0, 0]
    assert numbers(page, "市州和县区") == [3, 2, 1, 0, 0]
    assert numbers(page, "省直单位") == [1, 0, 1, 0, 0]
    assert numbers(page, "合计") == [4, 2, 2, 0, 0]
    assert page.index("澜阳市</th>") < page.index("水利厅</th>")


def test_every_number_opens_the_register_with_as_many_rows(office: Office) -> None:
    client = signed_in(office.dispatcher)
    page = opened(client, "/tasks/units/")
    links = re.findall(r'<a[^>]* href="(/tasks/\?[^"]*)">(\d+)</a>', page)
    assert len(links) >= 12
    for link, number in links:
        shown = opened(client, link.replace("&amp;", "&"))
        assert (link, shown.count("data-row")) == (link, int(number))


def test_a_unit_sees_only_itself_in_the_table(office: Office) -> None:
    page = opened(signed_in(office.water), "/tasks/units/")
    assert numbers(page, "水利厅") == [1, 0, 1, 0, 0]
    assert "澜阳市</th>" not in page
