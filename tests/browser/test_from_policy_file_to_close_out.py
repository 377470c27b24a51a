"""The main job of the house, walked by three people in a real browser under a clock that is moved.

A policy file is read, confirmed and dispatched; the task is taken, reported, falls due, turns amber and red, is
chased, answered, concluded, verified and closed out; and every act stands in its one timeline. Whoever was idle
meanwhile has been signed out and signs in again.
"""

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sanban.base import clock
from sanban.execute.task.models import TaskItem
from sanban.site.service import run_clock
from sanban.supervise.chase.models import Slip
from tests.browser.office import PAPER, answered, open_office, sign_in

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
WEDNESDAY = datetime(2026, 3, 4, 1, 30, tzinfo=UTC)
"""09:30 of a working day in the office."""
DUE = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
REAL = "D16.txt"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def moved_clock() -> Iterator[None]:
    """The clock of server and test stands where the test puts it, and runs again afterwards."""
    with clock.freeze(WEDNESDAY):
        yield


def look(at: datetime) -> None:
    """Move the clock and let the clock process look once."""
    clock.set_frozen(at)
    run_clock(every=0, once=True, say=lambda _words: None)


def hand_in(page: Page, name: str, text: bytes) -> None:
    """Drop the file and see what was read, each point with its words in the text."""
    page.goto("/assistant/")
    page.set_input_files("input[type=file]", {"name": name, "mimeType": "text/plain", "buffer": text})
    page.get_by_role("button", name="上传并识别").click()
    page.wait_for_url("**/assistant/*/")
    point = page.locator(".points > li").first
    point.focus()
    assert page.locator("#paper mark.lit").count() >= 1


def settle(page: Page) -> None:
    """Correct the first point by hand, confirm it, and make a task of it in the previewed act."""
    point = page.locator(".points > li").first
    point.get_by_role("link", name="修改").click()
    point.locator("select[name=lead]").select_option(label="省水利厅")
    point.locator("textarea[name=partners]").fill("省财政厅")
    point.locator("input[name=due_on]").fill("2026-03-20")
    point.locator("textarea[name=acceptance]").fill("12 座泵站全部通水")
    point.get_by_role("button", name="保存").click()
    expect(point).to_contain_text("2026-03-20")
    point.get_by_role("button", name="确认").click()
    expect(point.locator(".tag")).to_have_text("已确认")
    page.get_by_role("link", name="转为任务").click()
    expect(page.locator("table")).to_contain_text("江晓")
    page.get_by_role("button", name="交办所选").click()
    page.wait_for_url("**/policies/*/")


def do(page: Page, verb: str, **fields: str) -> None:
    """One verb on the task page: open its form, fill it in, send it; a verb that asks nothing is done at once."""
    button = page.locator(".verbs > .btn, .verbs > form > .btn").filter(has_text=verb).first
    if not fields:
        return answered(page, button)
    button.click()
    box = page.locator("#verb form")
    expect(box.locator("h3")).to_be_focused()
    for name, value in fields.items():
        field = box.locator(f"[name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    answered(page, box.locator("button.main"))


def papers() -> list[tuple[str, bytes]]:
    """The paper of these tests, and a real one where the corpus lies beside the repository."""
    found = [("城市内涝治理行动方案.txt", PAPER.encode())]
    real = CORPUS / REAL
    if real.exists():
        return [*found, (real.name, real.read_bytes())]
    sys.stdout.write(
        "The corpus folder is not beside this repository: only the tests' own paper is walked.\n"
    )
    return found


@pytest.mark.parametrize(
    ("name", "text"), papers(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_policy_file_becomes_a_closed_out_task_and_every_act_is_told(
    visitor: Callable[[], Page], name: str, text: bytes
) -> None:
    open_office()
    office, unit, inspection = (
        sign_in(visitor(), login) for login in ("dispatcher", "liaison", "supervisor")
    )
    hand_in(office, name, text)
    settle(office)
    task = TaskItem.objects.get()
    address = f"/tasks/{task.number}/"
    assert (task.due_at, task.lead.name, task.acceptance) == (DUE, "省水利厅", "12 座泵站全部通水")

    unit.goto("/todo/")
    unit.get_by_role("link", name=task.title).first.click()
    do(unit, "签收")
    do(unit, "反馈", progress="20", text="两座泵站已开工")
    assert unit.locator(".lamp, .chip").first.inner_text() != ""

    see_it_turn(inspection, task, address)
    answer_the_slip(unit, inspection)
    finish(unit, inspection, address)
    told(inspection, address)


def see_it_turn(page: Page, task: TaskItem, address: str) -> None:
    """Amber at its instant, red when the term ends; the page says so and the clock has chased."""
    task.refresh_from_db()
    assert task.amber_at is not None and task.red_at == DUE
    for moment, word in ((task.amber_at, "黄灯"), (task.red_at, "红灯")):
        look(moment + timedelta(minutes=1))
        sign_in(page, "supervisor")
        page.goto(address)
        expect(page.locator("main")).to_contain_text(word)
    assert list(Slip.objects.order_by("id").values_list("rung", "state")) == [
        ("remind", "issued"), ("urge", "issued"),
    ]  # fmt: skip


def answer_the_slip(unit: Page, inspection: Page) -> None:
    """The unit answers the urge, the supervision office accepts the answer."""
    urge = Slip.objects.get(rung="urge")
    sign_in(unit, "liaison")
    unit.goto(f"/chase/{urge.pk}/")
    unit.locator("textarea[name=text]").fill("设备晚到，已全部进场，下周通水")
    unit.get_by_role("button", name="提交回复").click()
    expect(unit.locator("main")).to_contain_text("设备晚到")
    inspection.goto(f"/chase/{urge.pk}/")
    answered(inspection, inspection.get_by_role("button", name="认可回复"))
    urge.refresh_from_db()
    assert urge.state == "accepted"


def finish(unit: Page, inspection: Page, address: str) -> None:
    """Concluded by the unit, verified and closed out by the supervision office."""
    look(datetime(2026, 3, 24, 2, 0, tzinfo=UTC))
    sign_in(unit, "liaison")
    unit.goto(address)
    do(unit, "申请办结", text="12 座泵站全部通水")
    sign_in(inspection, "supervisor")
    inspection.goto(address)
    do(inspection, "核验", accept="1", note="现场核验属实")
    inspection.locator(".verbs button", has_text="销号").click()
    answered(inspection, inspection.locator("dialog[open] [value=yes]"))
    expect(inspection.locator("main")).to_contain_text("已销号")


def told(page: Page, address: str) -> None:
    """The timeline has every act, newest first."""
    page.goto(address)
    lines = page.locator("ol.timeline").last.locator("li").all_inner_texts()
    wanted = [
        "销号", "核验通过：现场核验属实", "申请办结：12 座泵站全部通水", "认可回复", "回复：设备晚到", "发出催办",
        "黄灯转红灯", "发出提醒", "绿灯转黄灯", "反馈进度 20%：两座泵站已开工", "签收", "交办给水利厅",
    ]  # fmt: skip
    places = [next((n for n, line in enumerate(lines) if words in line), -1) for words in wanted]
    assert -1 not in places, (places, lines)
    assert places == sorted(places), lines
