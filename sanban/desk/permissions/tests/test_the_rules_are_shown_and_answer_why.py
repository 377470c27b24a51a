"""The security administrator and the auditor read every rule, and learn why a person may not see an object."""

import pytest
from django.urls import reverse

from sanban.base import clock
from sanban.base.access import grants
from sanban.base.access.registry import all_rules
from sanban.base.people.tests.browsers import signed_in
from sanban.desk.api_root.tests.office import MONDAY, Office, assigned, open_office
from sanban.execute.task.models import TaskItem

pytestmark = pytest.mark.django_db
TITLE = "绝不可见之事"


@pytest.fixture
def office() -> Office:
    with clock.freeze(MONDAY):
        return open_office()


def _asked(
    place: str, login: str = "stranger", stream: str = "task", role: str = "security"
) -> tuple[int, str]:
    with clock.freeze(MONDAY):
        asked = {"login": login, "stream": stream, "place": place}
        page = signed_in(role).get(reverse("desk:permissions"), asked)
    return page.status_code, page.content.decode()


def _task(office: Office, level: int = 1) -> TaskItem:
    with clock.freeze(MONDAY):
        key = assigned(office, TITLE)
    TaskItem.objects.filter(pk=key).update(level=level)
    return TaskItem.objects.get(pk=key)


def test_a_stranger_is_told_why_not_and_whom_to_ask_by_number_and_by_address(office: Office) -> None:
    task = _task(office)
    for place in (
        task.number,
        reverse("task:detail", args=[task.number]),
        f"https://x/tasks/{task.number}/?a=1",
    ):
        status, text = _asked(place)
        assert status == 200 and "现在不能查看这件事项" in text, place
        assert "该事项不属于您所在的单位。可向牵头单位联络员申请查阅。" in text
        assert TITLE not in text
    assert "<mark>牵头单位是本人所在的单位或其下级</mark>" in text


def test_who_may_see_is_told_by_which_condition_and_what_else_he_may_do(office: Office) -> None:
    status, text = _asked(_task(office).number, login="officer", role="auditor")
    assert status == 200 and "现在可以查看这件事项" in text and TITLE not in text
    assert "<mark>密级不高于本人的知悉范围</mark>" in text
    assert "所处状态允许时可以办理" in text


def test_a_denial_is_named_before_all_else(office: Office) -> None:
    task, officer = _task(office), office.actors["officer"]
    assert officer.person_id is not None
    grants.open_grants(
        [
            grants.Grant(
                ground="rule", ground_id=1, person_id=officer.person_id, stream="task", object_id=task.pk,
                starts_at=MONDAY, denied=True,
            )
        ]
    )  # fmt: skip
    _status, text = _asked(task.number, login="officer")
    assert "已明确您不得查阅该事项。如有异议，请向安全管理员了解依据。" in text


def test_what_is_secret_is_explained_without_being_told(office: Office) -> None:
    task = _task(office, level=2)
    _status, text = _asked(task.number, login="officer")
    assert "密级高于您的知悉范围。" in text and TITLE not in text


@pytest.mark.parametrize(
    ("place", "login", "said"),
    [
        ("没有的编号", "officer", "没有编号为 没有的编号 的事项，请核对。"),
        ("/people/", "officer", "这个网址不是任何对象的页面"),
        ("x", "nobody", "没有登录名为 nobody 的在职人员"),
    ],
)
def test_what_is_not_there_is_said_and_what_was_typed_stays(
    office: Office, place: str, login: str, said: str
) -> None:
    status, text = _asked(place, login=login)
    assert status == 422 and said in text and f'value="{place}"' in text and f'value="{login}"' in text


def test_every_rule_has_a_page_with_its_words_and_its_cedar_text(office: Office) -> None:
    with clock.freeze(MONDAY):
        client = signed_in("auditor")
        listed = client.get(reverse("desk:permissions")).content.decode()
        for rule in all_rules():
            path = reverse("desk:permission", args=[rule.name])
            assert path in listed
            page = client.get(path).content.decode()
            assert f"Action::&#34;{rule.name}&#34;" in page and "以下" in page
        text = client.get(reverse("desk:permissions_text")).content.decode()
        assert text.count("permit (") == len(all_rules())
        assert client.get(reverse("desk:permission", args=["task.nothing"])).status_code == 404


def test_nobody_else_reads_them(office: Office) -> None:
    with clock.freeze(MONDAY):
        for role in ("admin", "leader", "officer"):
            for path in (
                reverse("desk:permissions"), reverse("desk:permissions_text"),
                reverse("desk:permission", args=["task.see"]),
            ):  # fmt: skip
                assert signed_in(role).get(path).status_code == 403
