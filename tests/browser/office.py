"""An office that the browser tests walk through: two offices that govern, two departments that work."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from sanban.base.access.actor import SYSTEM
from sanban.base.people.actions import create_people, create_units, set_passwords
from sanban.base.people.drafts import PersonDraft, UnitDraft

PASSWORD = "a-long-word-of-the-tests"
UNITS = ("省政府综合办", "省政府督查办", "省水利厅", "省财政厅")
CAST = {
    "dispatcher": ("方明", "省政府综合办", "dispatcher"),
    "supervisor": ("严正", "省政府督查办", "supervisor"),
    "liaison": ("江晓", "省水利厅", "liaison"),
}
PAPER = """青岚省人民政府办公厅关于印发城市内涝治理
行动方案的通知
青政办发〔2026〕7号
各市、县人民政府，省政府各部门：
《城市内涝治理行动方案》已经省政府同意，现印发给你们，请认真贯彻执行。
青岚省人民政府办公厅
2026年3月2日
城市内涝治理行动方案
一、总体要求
坚持以人民为中心，统筹地上地下，补齐排水短板。
二、重点任务
（一）补齐设施短板
1. 完成泵站改造。2026年3月20日前完成12座低洼泵站改造，排水能力提高20%以上。（省水利厅牵头，省财政厅配合）
2. 建立值守制度。汛期实行24小时值守，每日报送水情。（责任单位：省水利厅）
"""


@dataclass(frozen=True)
class Office:
    """Ids of units by name."""

    units: dict[str, int]


def open_office() -> Office:
    """Settle units and people by the real actions, with a password for each."""
    drafts = [
        UnitDraft(
            code=f"u{n}", name=name, short=name.removeprefix("省政府").removeprefix("省"), kind="office"
        )
        for n, name in enumerate(UNITS)
    ]
    units = dict(zip(UNITS, create_units(SYSTEM, units=drafts), strict=True))
    create_people(
        SYSTEM,
        people=[
            PersonDraft(login=login, name=name, unit_id=units[unit], roles=(role,))
            for login, (name, unit, role) in CAST.items()
        ],
    )
    set_passwords(SYSTEM, passwords=dict.fromkeys(CAST, PASSWORD))
    return Office(units)


def sign_in(page: Page, login: str) -> Page:
    """Through the front door, by keyboard."""
    page.goto("/account/login/")
    page.locator("input[name=login]").fill(login)
    page.locator("input[name=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("input[name=password]").press("Enter")
    expect(page.locator("input[name=password]")).to_have_count(0)
    return page


def answered(page: Page, button: Locator) -> None:
    """Press what sends a form, and wait until the page that answers stands."""
    with page.expect_navigation():
        button.click()
