"""What ui.js and reader.js do, driven in a real browser on the style page under the strict policy."""

import shutil
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings
from django.urls import include, path
from playwright.sync_api import BrowserContext, Page, sync_playwright

pytestmark = pytest.mark.browser

urlpatterns = [path("ui/", include("sanban.base.ui.urls"))]
ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
POLICY = "default-src 'none';style-src 'self';script-src 'self';img-src 'self';connect-src 'self';form-action 'self'"
SETTINGS = {
    "DEBUG": True,
    "ROOT_URLCONF": __name__,
    "ALLOWED_HOSTS": ["127.0.0.1"],
    "MIDDLEWARE": [
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "MESSAGE_STORAGE": "django.contrib.messages.storage.cookie.CookieStorage",
    "SESSION_COOKIE_SECURE": False,
    "CSRF_COOKIE_SECURE": False,
}


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test speaks."""


class _Strict(StaticFilesHandler):
    """Adds the policy of the house to every page."""

    def __call__(self, environ, start_response):
        def strict(status, headers, *rest):
            return start_response(status, [*headers, ("Content-Security-Policy", POLICY)], *rest)

        return super().__call__(environ, strict)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with override_settings(**SETTINGS):
        server: WSGIServer = make_server("127.0.0.1", 0, _Strict(WSGIHandler()), handler_class=_Quiet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/ui/style/"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        yield opened
        opened.close()


@pytest.fixture
def window(browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(window: BrowserContext, address: str) -> Page:
    shown = window.new_page()
    broken: list[str] = []
    shown.on("pageerror", lambda error: broken.append(str(error)))
    shown.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
    shown.goto(address)
    shown.evaluate("document.activeElement.blur()")
    assert broken == []
    return shown


@pytest.mark.parametrize("width", [320, 390, 768, 1440])
@pytest.mark.parametrize("look", ["..", "dark.xlarge.more"])
def test_no_page_scrolls_sideways(window: BrowserContext, address: str, width: int, look: str) -> None:
    window.add_cookies([{"name": "look", "value": look, "url": address}])
    shown = window.new_page()
    shown.set_viewport_size({"width": width, "height": 844})
    shown.goto(address)
    assert shown.evaluate("document.documentElement.scrollWidth") <= width


def test_an_error_summary_takes_the_focus(window: BrowserContext, address: str) -> None:
    shown = window.new_page()
    shown.goto(address)
    assert shown.evaluate("document.activeElement.id") == "errors"


def test_the_look_changes_at_once_and_is_remembered_by_the_server(page: Page) -> None:
    page.click(".top button[name=theme]")
    page.click(".top button[name=size]")
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    page.reload()
    assert page.get_attribute("html", "data-theme") == "dark"
    assert page.get_attribute("html", "data-size") == "large"


def test_the_palette_opens_by_key_and_moves_by_arrows(page: Page) -> None:
    page.keyboard.press("Control+k")
    page.wait_for_selector("#hits a[aria-selected=true]")
    assert page.inner_text("#hits a[aria-selected=true] span") == "任务台账"
    page.keyboard.press("Enter")
    assert page.url.endswith("#register")
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('palette').open") is False
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("/")
    assert page.evaluate("document.getElementById('palette').open") is True


def test_choosing_rows_shows_their_number(page: Page) -> None:
    assert page.is_hidden(".bulk")
    page.check("input.pick >> nth=1")
    assert page.inner_text(".bulk [data-count]") == "1"
    assert page.evaluate("document.querySelector('[data-all]').indeterminate") is True
    page.check("[data-all]")
    assert page.inner_text(".bulk [data-count]") == "4"
    page.uncheck("[data-all]")
    assert page.is_hidden(".bulk")


def test_j_and_k_walk_the_rows(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.inner_text("[data-row].at .tag") == "待签收"


def test_a_grave_act_waits_for_its_word(page: Page) -> None:
    page.fill("#id_title", "试")
    page.click("text=核对并提交")
    assert page.is_visible("#confirm")
    assert page.is_disabled("#confirm [value=yes]")
    page.fill("#confirm-word", "办结")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.click("#confirm [value=yes]")
    assert "confirm_word=%E5%8A%9E%E7%BB%93" in (sent.value.post_data or "")


def test_cancelling_a_grave_act_sends_nothing(page: Page) -> None:
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.click("text=核对并提交")
    page.click("#confirm [value=no]")
    assert page.is_hidden("#confirm")
    assert posted == []


def _kept(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draft:')).length")


def test_a_draft_outlives_the_page_until_it_is_dropped(page: Page, address: str) -> None:
    page.on("dialog", lambda asked: asked.accept())
    page.goto(address + "?clean=1")
    page.fill("#id_reason", "写到一半")
    page.wait_for_timeout(700)
    assert _kept(page) == 1
    page.reload()
    assert page.input_value("#id_reason") == "写到一半"
    page.click("#toasts .link")
    assert page.input_value("#id_reason") == ""
    assert _kept(page) == 0


def test_nothing_of_a_classified_page_is_kept_in_the_browser(page: Page, address: str) -> None:
    page.on("dialog", lambda asked: asked.accept())
    page.goto(address + "?clean=1&mark=%E7%A7%98%E5%AF%86")
    page.fill("#id_reason", "秘密内容")
    page.wait_for_timeout(700)
    assert _kept(page) == 0


def test_a_finding_and_its_words_light_up_together(page: Page) -> None:
    page.hover(".points li >> nth=2")
    assert page.inner_text(".paper mark.lit") == "有关部门要加强协作，及时报送进展情况"
    page.hover(".paper mark >> nth=1")
    assert page.inner_text(".points li.lit b") == "每季度召集联席会议"


def test_selected_words_arrive_with_offsets_in_characters(page: Page) -> None:
    page.evaluate(
        """() => { const pane = document.querySelector('.paper'); pane.prepend('𠮷');
        const range = document.createRange();
        range.setStart(pane.childNodes[1], 0); range.setEnd(pane.childNodes[1], 4);
        getSelection().removeAllRanges(); getSelection().addRange(range);
        pane.dispatchEvent(new MouseEvent('mouseup', { bubbles: true })); }"""
    )
    assert page.inner_text("#pick [data-quote]") == "关于优化"
    assert page.input_value("#pick [name=start]") == "1"
    assert page.input_value("#pick [name=end]") == "5"


def test_the_undo_stands_as_a_toast_and_other_messages_stay(page: Page, address: str) -> None:
    page.goto(address + "?undo=1")
    assert page.inner_text("#toasts .toast").startswith("已催办 3 件")
    assert page.inner_text("#messages .note") == "1 件没有催办：已经办结"


def test_the_whole_menu_opens_on_a_small_screen_without_script(browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    shown = context.new_page()
    shown.goto(address)
    assert shown.is_hidden("#menu")
    shown.click(".tabs a >> nth=4")
    assert shown.is_visible("#menu") and shown.is_hidden("#main")
    context.close()


def test_copying_says_so(page: Page) -> None:
    page.click("text=复制编号")
    assert page.inner_text("#toasts .toast") == "已复制"
