"""The pages show what the actor may do and nothing else; two clocks at once open each slip once."""

import threading
from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import OperationalError, connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.clock import freeze
from sanban.supervise.chase import actions, panels, views
from sanban.supervise.chase.models import Slip
from sanban.supervise.chase.tests import office
from sanban.supervise.chase.tests.office import SIGNER, SUPERVISOR, at


def shown(view: Any, actor: Actor, *args: Any, post: dict[str, str] | None = None, **query: str) -> str:
    factory = RequestFactory()
    request: Any = factory.get("/chase/", query) if post is None else factory.post("/chase/", post)
    request.actor, request.session, request._dont_enforce_csrf_checks = actor, {}, True
    request._messages = CookieStorage(request)
    with freeze(at(18, 11)):
        answer = view(request, *args)
    return f"{answer.status_code} {answer.content.decode()}"


def climbed(n: int = 1, level: int = 1) -> list[int]:
    ids = office.task(office.unit(), n=n, level=level)
    for moment in (at(16, 17, 30), at(18, 10)):
        with freeze(moment):
            actions.tick_all(SYSTEM)
    return ids


@pytest.mark.django_db
def test_only_a_signer_meets_the_button_that_signs() -> None:
    climbed()
    notice = Slip.objects.get(rung="notice")
    assert "签发</button>" in shown(views.detail, SIGNER, notice.id)
    assert "签发</button>" not in shown(views.detail, SUPERVISOR, notice.id)
    assert shown(views.decide, SUPERVISOR, notice.id, "sign", post={}).startswith("403")
    assert shown(views.decide, SIGNER, notice.id, "sign", post={}).startswith("302")
    assert "督办〔2026〕1号" in shown(views.detail, SUPERVISOR, notice.id)


@pytest.mark.django_db
def test_a_slip_of_another_unit_or_level_is_not_there() -> None:
    climbed(level=2)
    slip = Slip.objects.filter(rung="urge")[0]
    for actor in (office.person("stranger", 5, "officer", clearance=2), SUPERVISOR):
        with pytest.raises(Http404):
            shown(views.detail, actor, slip.id)


@pytest.mark.django_db
def test_pages_ask_as_often_for_many_slips_as_for_few() -> None:
    ids = climbed(n=2)
    counts = []
    shown(views.register, SUPERVISOR)
    for _round in range(2):
        for draw in (views.register, views.to_sign):
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert shown(draw, SUPERVISOR).startswith("200")
            counts.append(len(caught))
        office_unit = Slip.objects.first()
        assert office_unit is not None
        office.task(office_unit.unit_id, n=9)
        with freeze(at(18, 10)):
            actions.tick_all(SYSTEM)
    assert counts[:2] == counts[2:]
    panel = panels.task_panel(SUPERVISOR, ids[0])
    assert panel is not None and [row[1] for row in panel.context["rows"]] == [
        "督办单",
        "催办",
        "提醒",
    ]


@pytest.mark.django_db
def test_the_next_ladder_is_published_by_those_who_may() -> None:
    said = {
        "urge_repeat_days": "3", "urge_answer_minutes": "420", "notice_after_days": "6", "note": "放宽",
        "notice_answer_minutes": "840", "circular_answer_minutes": "840", "direct_urgency": "2",
        "direct_rung": "notice", "base_number": "1",
    }  # fmt: skip
    assert shown(views.ladder, SUPERVISOR, post=said).startswith("403")
    assert shown(views.ladder, office.person("admin", None, "admin"), post=said).startswith("302")
    assert "现行第 2 版" in shown(views.ladder, SUPERVISOR)


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_open_each_slip_once() -> None:
    office.task(office.unit(), n=40)
    faults: list[BaseException] = []

    def run() -> None:
        try:
            for _look in range(40):
                try:
                    actions.tick(SYSTEM, limit=3)
                except OperationalError:
                    continue
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    with freeze(at(16, 17, 30)):
        threads = [threading.Thread(target=run) for _n in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        actions.tick_all(SYSTEM)
    assert faults == []
    assert Slip.objects.count() == 80
