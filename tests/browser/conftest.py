"""The installed Chromium, one page a test, and a watch over what the page must never do."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    sync_playwright,
)

NAMES = ("chromium", "chromium-browser", "google-chrome")
DESKTOP: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class Watch:
    """What went wrong in the page: script errors, blocked content, requests that leave the house."""

    home: str
    problems: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def request(self, request: Request) -> None:
        target = urlsplit(request.url)
        if target.scheme in ("http", "https") and target.netloc != urlsplit(self.home).netloc:
            self.problems.append(f"outside request: {request.url}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever lies in this folder is a browser test."""
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


def chromium() -> str:
    """The browser of the system; none is downloaded."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found is None:
        pytest.fail(f"No Chromium on PATH ({', '.join(NAMES)}): run bin/setup-test.")
    return found


@pytest.fixture(scope="module")  # two of Playwright's loops cannot run at once, and rooms bring their own
def browser() -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django would refuse its own synchronous database there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield launched
        launched.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def watch(live_server) -> Watch:
    return Watch(live_server.url)


@pytest.fixture
def visitor(browser: Browser, watch: Watch) -> Iterator[Callable[[], Page]]:
    """Makes fresh visitors, each with cookies of its own; the test fails when any of their pages misbehaved."""
    contexts: list[BrowserContext] = []

    def arrive() -> Page:
        context = browser.new_context(
            base_url=watch.home, locale="zh-CN", timezone_id="Asia/Shanghai", viewport=DESKTOP
        )
        contexts.append(context)
        opened = context.new_page()
        opened.on("console", watch.console)
        opened.on("pageerror", lambda error: watch.problems.append(f"script: {error}"))
        opened.on("request", watch.request)
        return opened

    yield arrive
    for context in contexts:
        context.close()
    assert watch.problems == []


@pytest.fixture
def page(visitor: Callable[[], Page]) -> Page:
    """A fresh visitor at a desk in the office."""
    return visitor()
