"""A notice is proposed with its reason by one officer and signed by another; numbers are never shared."""

import re
import threading

import pytest
from django.db import OperationalError, connection
from django.http import Http404

from sanban.base.clock import freeze
from sanban.supervise.chase import actions, queries, views
from sanban.supervise.chase.models import Slip
from sanban.supervise.chase.tests import office
from sanban.supervise.chase.tests.office import SIGNER, SUPERVISOR, at
from sanban.supervise.chase.tests.test_pages_and_two_clocks import shown


@pytest.mark.django_db
def test_a_notice_is_proposed_on_its_page_and_what_was_typed_stays_when_it_is_refused() -> None:
    (task_id,) = office.task(office.unit())
    assert shown(views.propose, SUPERVISOR, task_id).startswith("200")
    refused = shown(views.propose, SUPERVISOR, task_id, post={"rung": "circular", "reason": ""})
    assert refused.startswith("422")
    assert re.search(r'value="circular"[^>]*checked', refused)
    said = {"rung": "notice", "reason": "两次调研均未见动工"}
    assert shown(views.propose, SUPERVISOR, task_id, post=said).startswith("302")
    slip = Slip.objects.get()
    assert (slip.rung, slip.state, slip.reason) == ("notice", "proposed", "两次调研均未见动工")
    again = shown(views.propose, SUPERVISOR, task_id, post=said)
    assert again.startswith("422") and "无需重复" in again and "两次调研均未见动工" in again


@pytest.mark.django_db
def test_those_who_may_not_judge_find_no_such_page() -> None:
    unit_id = office.unit()
    (task_id,) = office.task(unit_id)
    with pytest.raises(Http404):
        shown(views.propose, office.person("liaison", unit_id, "liaison"), task_id)
    assert Slip.objects.count() == 0


@pytest.mark.django_db
def test_the_number_in_the_sidebar_counts_what_waits_for_each_of_them() -> None:
    unit_id, other = office.unit(), 0
    ids = office.task(unit_id, n=3) + office.task(unit_id, level=2)
    with freeze(at(3)):
        inspector = office.person("inspector", None, "supervisor", clearance=2)
        slips = [actions.propose(inspector, task_id=key, rung="notice", reason="久拖不决") for key in ids]
        for slip_id in slips[1:]:
            actions.sign(office.person("chief", None, "signer", clearance=2), slip_id=slip_id)
        answering = office.person("liaison", unit_id, "liaison")
        actions.reply(answering, slip_id=slips[1], text="已复工，三日内补报。")
    both = office.person("both", None, "signer", "supervisor")
    for actor, wanted in (
        (SIGNER, 1), (SUPERVISOR, 1), (both, 2), (answering, 1),
        (office.person("above", unit_id, "officer", clearance=2), 2),
        (office.person("elsewhere", other, "liaison"), 0), (office.person("reader", unit_id, "researcher"), 0),
    ):  # fmt: skip
        assert queries.waiting_for(actor=actor) == wanted, actor.ref


@pytest.mark.django_db(transaction=True)
def test_signers_at_the_same_moment_get_numbers_of_their_own() -> None:
    ids = office.task(office.unit(), n=6)
    with freeze(at(3)):
        slips = [actions.propose(SUPERVISOR, task_id=key, rung="notice", reason="久拖不决") for key in ids]
    faults: list[BaseException] = []

    def sign(mine: list[int]) -> None:
        try:
            for slip_id in mine:
                for _try in range(50):
                    try:
                        actions.sign(SIGNER, slip_id=slip_id)
                        break
                    except OperationalError:
                        continue
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    with freeze(at(3, 10)):
        threads = [threading.Thread(target=sign, args=(slips[start::2],)) for start in (0, 1)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert faults == []
    assert sorted(slip.number or "" for slip in Slip.objects.all()) == [
        f"督办〔2026〕{n}号" for n in range(1, 7)
    ]
