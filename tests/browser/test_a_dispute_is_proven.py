"""A dispute from the page of its task to evidence that holds without us, and the audit that names an edit by SQL."""

import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.people.actions import create_people, set_passwords
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import Person
from sanban.base.people.queries import actor_of
from sanban.decide.dispute.models import Dispute
from sanban.execute.task import actions
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from tests.browser.office import PASSWORD, Office, open_office, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def _task(office: Office) -> TaskItem:
    giver = actor_of(person=Person.objects.get(login="dispatcher"))
    draft = TaskDraft(
        title="河道清淤", lead_id=office.units["省水利厅"], due_at=clock.now() + timedelta(days=14)
    )
    actions.assign_many(giver, drafts=[draft])
    return TaskItem.objects.get()


def _auditor(office: Office) -> None:
    auditor = PersonDraft(
        login="auditor", name="欧阳清", unit_id=office.units["省政府督查办"], roles=("auditor",)
    )
    create_people(SYSTEM, people=[auditor])
    set_passwords(SYSTEM, passwords={"auditor": PASSWORD})


def _opened(page: Page, task: TaskItem) -> None:
    """The liaison goes from the page of the task to the form, and opens the case."""
    page.goto(f"/tasks/{task.number}/")
    page.get_by_role("link", name="提起争议").click()
    page.get_by_label("对方单位").select_option(label="财政厅")
    for label, said in (
        ("争议问题", "清淤经费由谁承担"),
        ("我方主张", "按三定规定由财政安排"),
        ("请求", "明确经费渠道"),
    ):
        page.get_by_label(label).fill(said)
    page.get_by_label("依据").fill("青政办发〔2026〕7号")
    page.get_by_role("button", name="提起争议").click()
    expect(page.locator("h1")).to_contain_text("清淤经费由谁承担")


def test_a_dispute_is_opened_its_evidence_verified_elsewhere_and_an_edit_named(
    page: Page, tmp_path: Path, settings
) -> None:
    watch = Watch(tmp_path / "house", settings)
    office = open_office()
    _auditor(office)
    task = _task(office)
    sign_in(page, "liaison")
    _opened(page, task)
    watch.seal()
    case = Dispute.objects.get()
    page.goto(f"/disputes/{case.pk}/")
    page.get_by_role("link", name="查看与取证").click()
    with page.expect_download() as coming:
        page.get_by_role("button", name="下载证据包").click()
    apart = tmp_path / "apart"
    apart.mkdir()
    coming.value.save_as(apart / "bundle.zip")
    with zipfile.ZipFile(apart / "bundle.zip") as archive:
        archive.extract("verify.py", apart)
        assert "河道清淤" in archive.read("events.jsonl").decode()
    verified = subprocess.run(
        [sys.executable, "-I", "verify.py", "bundle.zip"], cwd=apart, env={}, capture_output=True, text=True
    )
    assert verified.returncode == 0 and "全部相符" in verified.stdout, verified.stdout + verified.stderr
    with connection.cursor() as cursor:
        cursor.execute("UPDATE task_taskitem SET title = '别的事' WHERE id = %s", [task.pk])
    page.context.clear_cookies()
    sign_in(page, "auditor")
    page.goto("/evidence/")
    page.get_by_role("button", name="立即核对").click()
    row = page.locator("#audit tbody tr", has_text=str(task.pk)).first
    expect(row).to_contain_text("task_taskitem")
    expect(row).to_contain_text("title")
