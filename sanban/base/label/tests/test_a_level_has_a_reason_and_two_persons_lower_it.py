"""A level has an owner, a reason and a day of review; a higher one holds at once, a lower one needs two persons."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.files import actions as files
from sanban.base.files import blobs
from sanban.base.files.intake import receive
from sanban.base.files.models import FileVersion, StoredFile
from sanban.base.label import actions, queries
from sanban.base.label.models import Label
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.light.models import LightCounter
from sanban.base.notify.models import Message
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.base.search.models import SearchEntry
from sanban.execute.task import actions as tasks
from sanban.execute.task import queries as task_queries
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import MONDAY, Office, assigned, open_office
from sanban.supervise.chase import actions as chase
from sanban.supervise.chase.models import Slip, Watch

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 3, 1)
SAID: dict[str, Any] = {"stream": "task", "reason": "涉及未公开的处置方案", "review_on": NEXT_YEAR}


@pytest.fixture
def office(tmp_path: Any, settings: Any) -> Any:
    settings.SANBAN_VAR = tmp_path
    with clock.freeze(MONDAY):
        made = open_office()
        people.grant_role(SYSTEM, person_id=Person.objects.get(login="supervisor").pk, role="leader")
        for login in ("dispatcher", "supervisor", "water"):
            people.set_clearance(SYSTEM, person_id=Person.objects.get(login=login).pk, clearance=2)
        now = actors_by_login(actor=SYSTEM)
        yield replace(made, dispatcher=now["dispatcher"], supervisor=now["supervisor"], water=now["water"])


def who(login: str) -> Actor:
    return actors_by_login(actor=SYSTEM)[login]


def label(office: Office, task: TaskItem, level: int, **more: Any) -> None:
    actions.set_label(office.dispatcher, object_id=task.pk, level=level, **(SAID | more))


def lowering(office: Office, task: TaskItem, level: int = 1) -> None:
    words = SAID | {"reason": "方案已经公开", "review_on": date(2028, 3, 1)}
    actions.ask_lowering(office.dispatcher, object_id=task.pk, level=level, **words)


def counted(unit_id: int) -> dict[int, int]:
    """Counted lights of a unit by level."""
    rows = LightCounter.objects.filter(client="task", scope="unit", scope_id=unit_id, n__gt=0)
    return {row.level: row.n for row in rows}


def level_everywhere(task: TaskItem) -> set[int]:
    """The level of a task wherever it is written down."""
    found = set(TaskItem.objects.filter(pk=task.pk).values_list("level", flat=True))
    found |= set(SearchEntry.objects.filter(kind="task", object_id=task.pk).values_list("level", flat=True))
    found |= set(Watch.objects.filter(task_id=task.pk).values_list("level", flat=True))
    return found | set(Slip.objects.filter(task_id=task.pk).values_list("level", flat=True))


def seen_by(login: str, task: TaskItem) -> bool:
    return task_queries.task_by_number(actor=who(login), number=task.number) is not None


def test_a_higher_level_holds_at_once_wherever_the_task_is_written_down(office: Office) -> None:
    task = assigned(office)
    chase.propose(office.supervisor, task_id=task.pk, rung="notice", reason="久拖不决")
    assert (level_everywhere(task), counted(office.units["water"])) == ({1}, {1: 1})
    assert seen_by("water", task) and not seen_by("roads", task)
    label(office, task, 2, flags=("important",))
    assert (level_everywhere(task), counted(office.units["water"])) == ({2}, {2: 1})
    row = Label.objects.get()
    assert (row.object_id, row.level, row.reason, row.review_on, row.flags, row.set_by) == (
        task.pk, 2, SAID["reason"], NEXT_YEAR, ["important"], office.dispatcher.ref,
    )  # fmt: skip
    assert row.unit_id == office.units["general"]
    people.set_clearance(SYSTEM, person_id=office.water.person_id or 0, clearance=1)
    assert not seen_by("water", task), "who is not cleared sees it no more"


def test_a_lower_level_holds_when_a_second_person_has_signed(office: Office) -> None:
    task = assigned(office, level=2)
    with pytest.raises(Refused, match="两人签字"):
        label(office, task, 1)
    lowering(office, task)
    assert level_everywhere(task) == {2}
    with pytest.raises(Denied, match="申请人以外"):
        actions.confirm_lowering(office.dispatcher, stream="task", object_id=task.pk)
    with pytest.raises(Denied, match="领导或签发人"):
        actions.confirm_lowering(office.water, stream="task", object_id=task.pk)
    assert level_everywhere(task) == {2}
    assert [row.pk for row in queries.to_second(actor=office.supervisor)] == [task.pk]
    actions.confirm_lowering(office.supervisor, stream="task", object_id=task.pk)
    assert (level_everywhere(task), counted(office.units["water"])) == ({1}, {1: 1})
    row = Label.objects.get()
    assert (row.level, row.lower_to, row.set_by, row.reason) == (
        1,
        None,
        office.dispatcher.ref,
        "方案已经公开",
    )
    signed = LedgerEvent.objects.get(kind="access.label_set")
    assert (signed.actor_ref, signed.label) == (office.supervisor.ref, 2), "the words may tell of the secret"
    assert queries.to_second(actor=office.supervisor) == []
    told = Message.objects.filter(event="access.label_set", person_id=office.dispatcher.person_id or 0)
    assert [row.values for row in told] == [{"level_name": "内部"}]


def test_who_lacks_sight_or_right_signs_nothing_and_the_refusal_is_on_record(office: Office) -> None:
    task = assigned(office, level=2)
    with pytest.raises(Denied, match="没有这个对象"):
        actions.set_label(who("roads"), object_id=task.pk, level=2, **SAID)
    with pytest.raises(Denied, match="形成单位"):
        actions.set_label(office.water, object_id=task.pk, level=2, **SAID)
    assert Label.objects.count() == 0
    assert LedgerEvent.objects.filter(kind="access.act_refused").count() == 2


def test_the_second_says_no_and_who_asked_may_take_it_back(office: Office) -> None:
    task = assigned(office, level=2)
    lowering(office, task)
    with pytest.raises(Refused, match="待确认"):
        lowering(office, task)
    actions.refuse_lowering(office.supervisor, stream="task", object_id=task.pk, note="还有后续")
    assert (Label.objects.get().lower_to, level_everywhere(task)) == (None, {2})
    with pytest.raises(Refused, match="没有待确认"):
        actions.confirm_lowering(office.supervisor, stream="task", object_id=task.pk)
    lowering(office, task)
    actions.refuse_lowering(office.dispatcher, stream="task", object_id=task.pk, note="撤回")
    assert Label.objects.get().lower_to is None


@pytest.mark.parametrize(
    ("level", "more", "said"),
    [
        (1, {"reason": "因"}, "定密理由"),
        (1, {"review_on": MONDAY.date()}, "今天以后"),
        (2, {"review_on": date(2027, 3, 4)}, "最迟 2027-03-03"),
        (1, {"flags": ("important",)}, "重要数据的，密级不得低于“工作秘密”"),
        (1, {"flags": ("invented",)}, "请选择"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(
    office: Office, level: int, more: dict[str, Any], said: str
) -> None:
    task = assigned(office)
    with pytest.raises(Refused, match=said):
        label(office, task, level, **more)
    assert Label.objects.count() == 0
    label(office, task, 1, flags=("personal",), review_on=date(2029, 3, 1))
    assert Label.objects.get().flags == ["personal"]


def test_a_page_that_is_older_than_the_label_is_refused(office: Office) -> None:
    task = assigned(office)
    label(office, task, 1, version=0)
    with pytest.raises(Conflict, match="已有变动"):
        label(office, task, 1, version=0, reason="另一个理由")
    assert Label.objects.get().reason == SAID["reason"]


def test_the_bytes_of_a_file_that_becomes_secret_lie_under_a_key_of_their_own(office: Office) -> None:
    water = office.water
    made = files.upload(actor=water, received=receive("底稿".encode(), "底稿.txt"), level=1)
    digest = FileVersion.objects.get(file_id=made).sha256
    assert not blobs.storage().exists(f"secret/{digest[:2]}/{digest[2:4]}/{digest}")
    actions.set_label(water, **(SAID | {"stream": "file"}), object_id=made, level=2)
    assert StoredFile.objects.get(pk=made).level == 2
    assert blobs.storage().exists(f"secret/{digest[:2]}/{digest[2:4]}/{digest}")
    assert blobs.get(digest) == "底稿".encode()


def test_secrets_without_a_reason_wait_and_those_near_their_review_are_on_the_list(office: Office) -> None:
    task = assigned(office, level=2)
    assert [row.object_id for row in queries.without_reason(actor=office.dispatcher)] == [task.pk]
    label(office, task, 2, review_on=date(2026, 4, 1))
    assert queries.without_reason(actor=office.dispatcher) == []
    address = f"/labels/task/{task.pk}/"
    assert address not in signed_in("dispatcher").get("/todo/").content.decode()
    with clock.freeze(MONDAY + timedelta(days=20)):
        assert address in signed_in("dispatcher").get("/todo/").content.decode()


def test_the_page_sets_asks_confirms_and_keeps_what_was_typed(office: Office) -> None:
    task = assigned(office, title="绝不可见之事", level=2)
    tasks.acknowledge(office.water, task_id=task.pk)
    client, other = signed_in("dispatcher"), signed_in("supervisor")
    page, form = (
        f"/labels/task/{task.pk}/",
        {"level": "2", "reason": "涉及未公开方案", "review_on": "2027-03-01"},
    )
    assert page in client.get(f"/tasks/{task.number}/").content.decode()
    assert signed_in("roads").get(page).status_code == 404
    short = client.post(f"{page}set/", form | {"reason": "短"})
    assert short.status_code == 422 and "定密理由，4 到" in short.content.decode()
    assert client.post(f"{page}set/", form | {"flags": ["core"]}).status_code == 302
    assert "核心数据" in client.get(page).content.decode()
    lower = form | {"level": "1", "reason": "方案已经公开"}
    assert client.post(f"{page}lower/", lower).status_code == 302
    assert "同意降密" in other.get(page).content.decode()
    assert "同意降密" not in client.get(page).content.decode()
    assert "方案已经公开" in other.get("/labels/").content.decode()
    assert other.post(f"{page}confirm/").status_code == 302
    assert TaskItem.objects.get(pk=task.pk).level == 1
    assert "定为“内部”" in client.get(f"/evidence/task/{task.pk}/").content.decode()
