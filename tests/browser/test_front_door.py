"""The first page that anybody meets."""

import pytest
from playwright.sync_api import Page

WIDTHS = (390, 1024, 1440)


@pytest.mark.django_db(transaction=True)
def test_a_stranger_is_shown_the_way_in_in_chinese(page: Page) -> None:
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    assert page.locator("form input[type=password]").count() == 1
    assert page.title().strip() != ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_front_door_never_scrolls_sideways(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.django_db(transaction=True)
def test_a_wrong_password_is_answered_on_the_same_page(page: Page) -> None:
    page.goto("/")
    page.locator("form input[type=password]").fill("not the password")
    page.locator("form input[name=login]").fill("nobody")
    with page.expect_navigation():
        page.locator("form input[type=password]").press("Enter")
    assert page.locator("form input[type=password]").count() == 1
    assert page.locator("[role=alert], .error, .errorlist, .field-error, .notice").count() >= 1
