"""Ctrl K, a few letters, Enter: the palette leads there; without script its place is the search page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from sanban.base import clock
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of
from sanban.execute.task import actions
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import FRIDAY_DUE, MONDAY
from tests.browser.office import Office, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def assigned(office: Office) -> str:
    """A task with a title whose initials are tjyshj."""
    giver = actor_of(person=Person.objects.get(login="dispatcher"))
    draft = TaskDraft(title="推进营商环境优化", lead_id=office.units["省水利厅"], due_at=FRIDAY_DUE)
    with clock.freeze(MONDAY):
        (key,) = actions.assign_many(giver, drafts=[draft])
    return TaskItem.objects.get(pk=key).number


def test_initials_and_enter_open_the_task(page: Page) -> None:
    number = assigned(open_office())
    sign_in(page, "dispatcher")
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.locator("#palette input").fill("tjyshj")
    expect(page.locator("#hits a[aria-selected=true] span")).to_have_text("推进营商环境优化")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/tasks/{number}/")


def test_arrows_choose_among_pages_and_acts(page: Page) -> None:
    open_office()
    sign_in(page, "dispatcher")
    page.keyboard.press("Control+k")
    page.locator("#palette input").fill("jiaoban")
    expect(page.locator("#hits a[aria-selected=true] span")).to_have_text("交办事项")
    page.locator("#palette input").fill("任务")
    expect(page.locator("#hits a").first).to_contain_text("任务台账")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_search_page_marks_the_words_and_never_scrolls_sideways(page: Page, width: int) -> None:
    number = assigned(open_office())
    page.set_viewport_size({"width": width, "height": 844})
    sign_in(page, "dispatcher")
    page.goto("/search/?q=营商")
    expect(page.locator("mark").first).to_have_text("营商")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator("ul.points a").first.click()
    page.wait_for_url(f"**/tasks/{number}/")


def test_without_script_the_place_of_the_palette_is_the_search_page(
    browser: Browser, live_server, visitor: Callable[[], Page]
) -> None:
    assigned(open_office())
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = sign_in(plain.new_page(), "dispatcher")
    page.locator("a.find").click()
    page.wait_for_url("**/search/")
    page.locator("main input[type=search]").fill("营商")
    page.locator("main form button").first.click()
    expect(page.locator("ul.points a").first).to_contain_text("推进营商环境优化")
    plain.close()
