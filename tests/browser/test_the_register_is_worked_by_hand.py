"""The register at a desk and in the hand: tasks are picked, judged one by one, and only then acted on."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sanban.base import clock
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of
from sanban.execute.task import actions
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from tests.browser.office import Office, answered, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def assigned(office: Office) -> None:
    """Three tasks that are due in a fortnight."""
    giver = actor_of(person=Person.objects.get(login="dispatcher"))
    due = clock.now() + timedelta(days=14)
    drafts = [TaskDraft(title=f"第{n}件", lead_id=office.units["省水利厅"], due_at=due) for n in (1, 2, 3)]
    actions.assign_many(giver, drafts=drafts)


@pytest.mark.parametrize("width", [390, 1440])
def test_two_of_three_are_paused_after_a_preview(page: Page, width: int) -> None:
    assigned(open_office())
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, "dispatcher")
    page.goto("/tasks/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for n in (0, 1):
        page.locator("input.pick").nth(n).check()
    expect(page.locator("[data-count]")).to_have_text("2")
    page.locator(".bulk button", has_text="暂停").click()
    page.locator("[name=reason]").fill("等待批复")
    answered(page, page.get_by_role("button", name="确认暂停 2 件"))
    assert TaskItem.objects.filter(state="paused").count() == 2


@pytest.mark.parametrize("width", [390, 1440])
def test_what_is_seen_is_taken_away(page: Page, width: int, tmp_path: Path) -> None:
    assigned(open_office())
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, "dispatcher")
    page.goto("/tasks/")
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    coming.value.save_as(tmp_path / "register.csv")
    assert "第3件" in (tmp_path / "register.csv").read_text(encoding="utf-8-sig")


def test_without_script_a_verb_opens_its_form_by_its_address(browser: Browser, live_server) -> None:
    assigned(open_office())
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = sign_in(plain.new_page(), "liaison")
    page.goto(f"/tasks/{TaskItem.objects.order_by('pk')[0].number}/")
    page.get_by_role("button", name="签收").click()
    page.get_by_role("link", name="反馈").click()
    page.locator("#verb [name=progress]").fill("40")
    page.locator("#verb [name=text]").fill("已进场")
    page.locator("#verb button.main").click()
    expect(page.locator("dl.facts")).to_contain_text("40%")
    plain.close()
