"""An erased text is in no table, in no index and in no bundle; the ledger still folds to the live tables."""

import pytest
from django.apps import apps
from django.db import connections, router

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.ledger import erasing
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.queries import stored_fields, timeline
from sanban.base.ledger.registry import ERASED, story
from sanban.base.ledger.replay import replay_difference
from sanban.base.people.tests.browsers import signed_in
from sanban.execute.task import actions as tasks
from sanban.execute.task.models import TaskItem
from tests.addresses import furnished

pytestmark = pytest.mark.django_db
NAME = "投诉人欧阳小满反映河道占用"


def _everywhere(text: str) -> list[str]:
    """Each table and column that holds the text."""
    found = []
    for config in apps.get_app_configs():
        for model in config.get_models():
            with connections[router.db_for_read(model)].cursor() as cursor:
                for field in model._meta.concrete_fields:
                    cursor.execute(
                        f'SELECT count(*) FROM {model._meta.db_table} WHERE CAST("{field.column}" AS text) LIKE %s',
                        [f"%{text}%"],
                    )
                    if cursor.fetchone()[0]:
                        found.append(f"{model._meta.db_table}.{field.column}")
    return found


def _erase(security: Actor, task_id: int, kind: str, *names: str) -> None:
    events = LedgerEvent.objects.filter(stream_type="task", stream_id=task_id, kind=kind)
    event = events.order_by("-ver")[0]
    erasing.erase(
        security, event_id=event.id, names=names, ground="个人信息保护法", authority="办〔2026〕7号"
    )


def test_an_erased_report_is_gone_and_the_tables_still_follow():
    office = furnished()
    task = TaskItem.objects.get(number=office.things["task_acknowledged"])
    tasks.report(office.actors["liaison"], task_id=task.pk, progress=35, text=NAME)
    assert "task_progressreport.text" in _everywhere("欧阳小满")
    _erase(office.actors["security"], task.pk, _last_kind(task.pk), "text")
    assert _everywhere("欧阳小满") == []
    assert replay_difference() == []
    line = timeline(actor=office.actors["dispatcher"], streams=[("task", task.pk)])[0]
    assert ERASED in line.sentence


def test_an_erased_title_is_gone_from_slips_messages_and_the_index():
    office = furnished()
    task = TaskItem.objects.get(pk=office.things["ids"]["assigned"])
    title = task.title
    found = _everywhere(title)
    assert {"task_taskitem.title", "search_searchentry.title"} <= set(found)
    kind = LedgerEvent.objects.get(stream_type="task", stream_id=task.pk, ver=1).kind
    _erase(office.actors["security"], task.pk, kind, "title")
    assert TaskItem.objects.get(pk=task.pk).title == ERASED
    assert _everywhere(title) == []
    assert replay_difference() == []


def test_what_copied_the_title_is_erased_by_orders_of_its_own():
    office = furnished()
    task = TaskItem.objects.get(pk=office.things["ids"]["acknowledged"])
    event = LedgerEvent.objects.get(stream_type="task", stream_id=task.pk, ver=1)
    slip = LedgerEvent.objects.get(stream_type="slip", stream_id=office.things["slip_proposed"], ver=1)
    erasing.erase(
        office.actors["security"], event_id=event.id, names=["title"], ground="个人信息保护法",
        authority="办〔2026〕7号", within=story(SYSTEM, "task", task.pk),
    )  # fmt: skip
    gone = stored_fields(actor=SYSTEM, ids=[event.id, slip.id])
    assert gone[event.id]["title"].erased_by != gone[slip.id]["task_title"].erased_by
    assert gone[slip.id]["task_title"].body is None and gone[slip.id]["reason"].body is not None
    assert _everywhere(task.title) == []
    assert replay_difference() == []


def test_the_security_administrator_erases_on_a_page_that_shows_him_no_value():
    office = furnished()
    task = TaskItem.objects.get(number=office.things["task_acknowledged"])
    tasks.report(office.actors["liaison"], task_id=task.pk, progress=35, text=NAME)
    number = f"task-{task.pk}-{TaskItem.objects.get(pk=task.pk).version}"
    assert number in signed_in("liaison").get(f"/evidence/task/{task.pk}/").content.decode()
    client, form = signed_in("security"), {"record": number, "names": ["text"], "ground": "个保法第四十七条"}
    found = client.get("/evidence/erasures/", {"record": number}).content.decode()
    assert 'value="text"' in found and "欧阳小满" not in found
    short = client.post("/evidence/erasures/", form)
    assert short.status_code == 422 and "个保法第四十七条" in short.content.decode()
    assert "task_progressreport.text" in _everywhere("欧阳小满")
    assert client.post("/evidence/erasures/", form | {"authority": "办〔2026〕7号"}).status_code == 302
    assert _everywhere("欧阳小满") == []
    assert "办〔2026〕7号" in signed_in("auditor").get("/evidence/erasures/").content.decode()
    again = client.get("/evidence/erasures/", {"record": number}).content.decode()
    assert 'value="text"' not in again
    assert signed_in("liaison").get("/evidence/erasures/").status_code == 403
    nobody = client.get("/evidence/erasures/", {"record": "task-1-1"}).content.decode()
    assert "没有这条记录" in nobody


def test_only_texts_can_be_erased():
    office = furnished()
    task_id = office.things["ids"]["assigned"]
    kind = LedgerEvent.objects.get(stream_type="task", stream_id=task_id, ver=1).kind
    with pytest.raises(Refused, match="lead_id"):
        _erase(office.actors["security"], task_id, kind, "lead_id")


def _last_kind(task_id: int) -> str:
    return LedgerEvent.objects.filter(stream_type="task", stream_id=task_id).order_by("-ver")[0].kind
