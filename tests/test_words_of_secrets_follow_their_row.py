"""The words of a secret row are sealed by every way of writing it, and open in their own place and to whom they are
meant for alone; they follow the row's level, and go with their key."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from sanban.base import clock
from sanban.base.ledger import erasing, shredding
from sanban.base.ledger.kept import kept_tables, reseal, sealed_names
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.registry import ERASED
from sanban.base.ledger.replay import replay_difference
from sanban.base.ledger.resealing import in_clear, seal_open_words
from sanban.base.ledger.rows import update_rows
from sanban.base.ledger.standing import NOBODY, Standing, standing_as
from sanban.base.notify.models import Message
from sanban.base.search import queries as search
from sanban.base.vault import boxes
from sanban.base.vault.columns import MARK, SHUT, key_of
from sanban.base.vault.provider import SECRET
from sanban.desk.api_root.tests.office import MONDAY, Office, assigned, open_office
from sanban.execute.task import actions as tasks
from sanban.execute.task.models import ProgressReport, TaskItem
from sanban.site import vault
from sanban.supervise.chase.models import Watch
from tests.secret_house import cleared

pytestmark = pytest.mark.django_db
TITLE = "核查鹭鸶湾沉箱"


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Any) -> None:
    settings.SANBAN_VAR = tmp_path
    boxes.prepare()


@pytest.fixture
def office() -> Iterator[Office]:
    with clock.freeze(MONDAY):
        yield cleared(open_office())


def _secret(office: Office) -> TaskItem:
    """A secret task with a report."""
    key = assigned(office, TITLE, level=2)
    tasks.acknowledge(office.actors["liaison"], task_id=key)
    tasks.report(office.actors["liaison"], task_id=key, progress=10, text=f"{TITLE}，已到场")
    return TaskItem.objects.get(pk=key)


def _raw(table: type[models.Model], column: str, key: Any) -> str:
    with connection.cursor() as cursor:
        pk: Any = table._meta.pk
        cursor.execute(f'SELECT "{column}" FROM {table._meta.db_table} WHERE "{pk.column}" = %s', [key])
        (found,) = cursor.fetchone()
    return found


def _put(table: type[models.Model], column: str, key: Any, value: Any) -> None:
    """As somebody who has the database alone."""
    with connection.cursor() as cursor:
        pk: Any = table._meta.pk
        cursor.execute(
            f'UPDATE {table._meta.db_table} SET "{column}" = %s WHERE "{pk.column}" = %s', [value, key]
        )


def test_a_secret_lies_sealed_under_its_object_and_all_else_as_it_was(office: Office) -> None:
    task, plain = _secret(office), TaskItem.objects.get(pk=assigned(office, "整治河道"))
    report = ProgressReport.objects.get(task=task)
    for table, column, key in (
        (TaskItem, "title", task.pk), (Watch, "title", task.pk), (ProgressReport, "text", report.pk),
    ):  # fmt: skip
        token = _raw(table, column, key)
        assert token.startswith(MARK) and key_of(token) == f"2/task/{task.pk}.1"
    assert (task.title, report.text) == (TITLE, f"{TITLE}，已到场")
    assert (_raw(TaskItem, "title", plain.pk), _raw(Watch, "title", plain.pk)) == ("整治河道", "整治河道")
    assert in_clear() == {} and replay_difference() == []


def test_the_same_words_in_the_same_place_are_the_same_bytes_and_elsewhere_others(office: Office) -> None:
    task = _secret(office)
    before, other = _raw(TaskItem, "title", task.pk), _raw(Watch, "title", task.pk)
    task.save()
    assert _raw(TaskItem, "title", task.pk) == before != other


def test_every_way_of_writing_seals_and_none_writes_in_clear(office: Office) -> None:
    task, plain = _secret(office), TaskItem.objects.get(pk=assigned(office, "整治河道"))
    assert TaskItem.objects.filter(pk__in=[task.pk, plain.pk]).update(detail="一并说明", progress=3) == 2
    update_rows(TaskItem, ("acceptance",), [("验收", task.pk), ("验收", plain.pk)])
    for column in ("detail", "acceptance"):
        assert _raw(TaskItem, column, task.pk).startswith(MARK)
    assert (_raw(TaskItem, "detail", plain.pk), _raw(TaskItem, "acceptance", plain.pk)) == (
        "一并说明",
        "验收",
    )
    again = TaskItem.objects.get(pk=task.pk)
    assert (again.detail, again.acceptance, again.progress) == ("一并说明", "验收", 3)
    with pytest.raises(TypeError, match=r"task\.TaskItem\.title is sealed"), transaction.atomic():
        TaskItem._base_manager.filter(pk=task.pk).update(title="明写")
    with pytest.raises(TypeError, match="plain values"), transaction.atomic():
        TaskItem.objects.filter(pk=task.pk).update(title=Concat(F("number"), Value("x")))
    again.title = "改写"
    with pytest.raises(TypeError, match="plain values"), transaction.atomic():
        TaskItem.objects.bulk_update([again], ["title"])
    assert TaskItem.objects.get(pk=task.pk).title == TITLE


def test_words_follow_the_level_of_their_row(office: Office) -> None:
    task = _secret(office)
    report = ProgressReport.objects.get(task=task)
    TaskItem.objects.filter(pk=task.pk).update(level=1)
    assert _raw(TaskItem, "title", task.pk) == TITLE
    assert _raw(ProgressReport, "text", report.pk) == f"{TITLE}，已到场"
    update_rows(TaskItem, ("level",), [(2, task.pk)])
    assert _raw(TaskItem, "title", task.pk).startswith(MARK)
    assert _raw(ProgressReport, "text", report.pk).startswith(MARK)
    assert reseal(TaskItem, [task.pk]) == 2
    assert TaskItem.objects.get(pk=task.pk).title == TITLE


def test_what_was_moved_or_labelled_down_does_not_open_and_is_named(office: Office) -> None:
    task = _secret(office)
    with clock.freeze(MONDAY + timedelta(hours=1)):
        other = TaskItem.objects.get(pk=assigned(office, "另一秘密", level=2))
    report = ProgressReport.objects.get(task=task)
    _put(TaskItem, "title", other.pk, _raw(TaskItem, "title", task.pk))
    assert TaskItem.objects.get(pk=other.pk).title == SHUT
    (found,) = replay_difference([TaskItem])
    assert (found.row, found.columns) == (str(other.pk), ("title",))
    _put(TaskItem, "title", other.pk, _raw(Watch, "title", other.pk))
    assert TaskItem.objects.get(pk=other.pk).title == SHUT
    _put(TaskItem, "title", other.pk, "另一秘密")
    (found,) = replay_difference([TaskItem])
    assert (found.row, found.columns) == (str(other.pk), ("title",))
    assert in_clear() == {"task_taskitem": 1}
    assert seal_open_words() == 1 and in_clear() == {} and replay_difference() == []
    told = Message.objects.filter(level=2).order_by("id")
    first, second = told[0], told[1]
    _put(Message, "lines", _key(second), _raw(Message, "lines", _key(first)))
    assert (first.lines != [], Message.objects.get(pk=second.pk).lines) == (True, [])
    (found,) = replay_difference([Message])
    assert found.columns == ("lines",)
    _put(TaskItem, "level", task.pk, 1)
    assert TaskItem.objects.get(pk=task.pk).title == SHUT
    below = Standing((("clearance", "1"),))
    with standing_as(below):
        if connection.vendor == "sqlite":
            assert list(TaskItem.objects.filter(pk=task.pk).values_list("title", flat=True)) == [SHUT]
        assert [row.text for row in ProgressReport.objects.filter(pk=report.pk)] == [SHUT]


def test_who_did_not_say_who_he_is_opens_nothing(office: Office) -> None:
    task = _secret(office)
    with standing_as(NOBODY):
        assert {row.title for row in TaskItem.objects.filter(pk=task.pk)} <= {SHUT}
    with standing_as(Standing((("clearance", "2"), ("system", "")))):
        assert {row.text for row in ProgressReport.objects.filter(task__id=task.pk)} <= {f"{TITLE}，已到场"}


def test_a_row_that_was_read_shut_is_written_back_as_it_lay(office: Office) -> None:
    task = _secret(office)
    token = _raw(TaskItem, "title", task.pk)
    broken = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
    _put(TaskItem, "title", task.pk, broken)
    row = TaskItem.objects.get(pk=task.pk)
    assert row.title == SHUT
    row.save()
    assert _raw(TaskItem, "title", task.pk) == broken


def test_a_new_key_above_leaves_words_readable_and_a_destroyed_one_takes_them_away(office: Office) -> None:
    task = _secret(office)
    before = _raw(TaskItem, "title", task.pk)
    boxes.keyring().rotate(SECRET)
    assert (_raw(TaskItem, "title", task.pk), TaskItem.objects.get(pk=task.pk).title) == (before, TITLE)
    assert replay_difference() == []
    boxes.keyring().destroy(f"2/task/{task.pk}.1")
    assert TaskItem.objects.get(pk=task.pk).title == ERASED
    assert ProgressReport.objects.get(task=task).text == ERASED
    assert Message.objects.filter(level=2)[0].lines == []


def test_while_a_share_is_missing_words_stay_shut_and_nothing_of_a_secret_is_written(
    office: Office, settings: Any, tmp_path: Any
) -> None:
    task = _secret(office)
    (tmp_path / "keys" / "custodian-2" / "secret-1.share").rename(tmp_path / "away")
    boxes._keyring.cache_clear()
    assert TaskItem.objects.get(pk=task.pk).title == SHUT
    found = search.find(actor=office.actors["dispatcher"], text="沉箱")
    assert found.total == 0
    with pytest.raises(Exception, match="密钥未解锁"):
        TaskItem.objects.filter(pk=task.pk).update(detail="不能写")
    (tmp_path / "away").rename(tmp_path / "keys" / "custodian-2" / "secret-1.share")
    boxes._keyring.cache_clear()
    assert TaskItem.objects.get(pk=task.pk).title == TITLE


def test_an_erased_title_of_a_secret_is_gone_from_every_row_and_from_old_copies(office: Office) -> None:
    security = office.actors["security"]
    task = _secret(office)
    message = Message.objects.filter(level=2).order_by("id")[0]
    copies = [_raw(TaskItem, "title", task.pk), _raw(Watch, "title", task.pk)]
    assert search.find(actor=office.actors["dispatcher"], text="沉箱").total == 1
    event = LedgerEvent.objects.get(stream_type="task", stream_id=task.pk, ver=1)
    erasing.erase(security, event_id=event.id, names=["title"], ground="法", authority="办〔2026〕7号")
    assert (TaskItem.objects.get(pk=task.pk).title, Watch.objects.get(pk=task.pk).title) == (ERASED, ERASED)
    assert ERASED in str(Message.objects.get(pk=message.pk).lines)
    assert search.find(actor=office.actors["dispatcher"], text="沉箱").total == 0
    assert replay_difference() == []
    with clock.freeze(clock.now() + timedelta(minutes=2)):
        assert shredding.shred() >= 1
    for table in set(kept_tables()) - {ProgressReport}:
        for row in table._default_manager.values(*sealed_names(table)):
            assert TITLE not in str(row.values())
    for token in copies:
        assert _opens(token) == ERASED
    assert ProgressReport.objects.get(task=task).text == f"{TITLE}，已到场"
    assert replay_difference() == []


def _key(row: Message) -> Any:
    return row.pk.hex if connection.vendor == "sqlite" else row.pk


def _opens(token: str) -> str:
    field: Any = TaskItem._meta.get_field("title")
    return str(field.opened(token))


def test_a_house_from_before_is_sealed_whole(office: Office) -> None:
    task = _secret(office)
    report = ProgressReport.objects.get(task=task)
    _put(TaskItem, "title", task.pk, TITLE)
    _put(ProgressReport, "text", report.pk, report.text)
    assert in_clear() == {"task_taskitem": 1, "task_progressreport": 1}
    assert vault.seal_all() == 2
    assert in_clear() == {} and replay_difference() == []
    assert TaskItem.objects.get(pk=task.pk).title == TITLE
