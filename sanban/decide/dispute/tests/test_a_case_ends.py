"""Cases end by settlement, withdrawal or ruling; a ruling waits for its seal; tables follow from the ledger."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sanban.base.access.actor import SYSTEM
from sanban.base.access.models import AccessGrant
from sanban.base.clock import freeze
from sanban.base.files.queries import visible as visible_files
from sanban.base.ledger import erasing
from sanban.base.ledger.errors import Conflict, Denied, Refused
from sanban.base.ledger.models import LedgerEvent
from sanban.base.ledger.registry import ERASED
from sanban.base.ledger.replay import replay_difference
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog import sequencer
from sanban.base.people.tests.browsers import signed_in
from sanban.decide.dispute import actions, queries
from sanban.decide.dispute.models import Dispute, Ruling, Statement
from sanban.decide.dispute.tests.office import (
    Office,
    answered,
    at,
    named,
    open_office,
    opened,
    paper,
    ruled,
)
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.queries import visible as visible_tasks

pytestmark = pytest.mark.django_db


def _sees(office: Office, login: str, dispute_id: int) -> tuple[bool, bool, int]:
    """Whether he sees the case and the task, and how many files."""
    actor = office.actor(login)
    return (
        queries.visible(actor=actor).filter(pk=dispute_id).exists(),
        visible_tasks(actor=actor).filter(pk=office.task_id).exists(),
        visible_files(actor=actor).count(),
    )


def _own_task(office: Office, unit: str) -> int:
    with freeze(at(2)):
        draft = TaskDraft(title="养护桥梁", lead_id=office.units[unit], due_at=at(31, 17, 30))
        return tasks.assign_many(SYSTEM, drafts=[draft])[0]


def test_a_ruling_waits_for_its_seal(tmp_path: Path, settings: Any):
    watch = Watch(tmp_path, settings)
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    ruled(office, dispute_id)
    with freeze(at(10, 10)):
        reader = office.actor("water")
        assert queries.effective(actor=reader, rulings=Ruling.objects.all()) == set()
        while sequencer.integrate():
            pass
        assert queries.effective(actor=reader, rulings=Ruling.objects.all()) == set(), "a place is not a seal"
        watch.seal()
        assert queries.effective(actor=reader, rulings=Ruling.objects.all()) == {Ruling.objects.get().pk}
        page = signed_in("water").get(f"/disputes/{dispute_id}/").content.decode()
    assert "已封存，生效" in page and "待封存后生效" not in page


def test_a_ruling_with_a_fault_is_replaced_by_one_that_names_it():
    office = open_office()
    dispute_id = opened(office)
    answered(office, dispute_id)
    named(office, dispute_id)
    first = ruled(office, dispute_id)
    with freeze(at(11)):
        for login in ("water", "roadslead", "supervisor"):
            with pytest.raises(Denied):
                actions.open_correction(office.actor(login), dispute_id=dispute_id, reason="桩号有误")
        actions.open_correction(office.actor("dispatcher"), dispute_id=dispute_id, reason="桩号有误")
        assert _sees(office, "scholar", dispute_id)[:2] == (True, True)
    row = Dispute.objects.get()
    assert (row.state, row.ruling_due_at, row.ended_at) == ("correcting", at(23), None)
    second = ruled(office, dispute_id, when=at(12))
    rows = list(Ruling.objects.order_by("ordinal").values_list("pk", "ordinal", "corrects_id"))
    assert rows == [(first, 1, None), (second, 2, first)]
    row = Dispute.objects.get()
    assert (row.state, row.ruled_at, row.ended_at) == ("ruled", at(10), at(12))
    with freeze(at(12, 10)):
        assert _sees(office, "scholar", dispute_id)[0], "who ruled reads his case"
    lasting = AccessGrant.objects.filter(ends_at=None)
    assert [(one.ground, one.stream, one.object_id) for one in lasting] == [("ruling", "dispute", dispute_id)]


def test_both_parties_settle_before_the_ruling():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id)
    with freeze(at(4)):
        with pytest.raises(Refused, match="还没有和解方案"):
            actions.accept_settlement(office.actor("roads"), dispute_id=dispute_id)
        actions.propose_settlement(office.actor("water"), dispute_id=dispute_id, text="各管一半")
        with pytest.raises(Denied, match="须由对方单位同意"):
            actions.accept_settlement(office.actor("waterlead"), dispute_id=dispute_id)
        seen = Dispute.objects.get().version
        actions.propose_settlement(office.actor("roads"), dispute_id=dispute_id, text="桥下归我，余归你")
        with pytest.raises(Conflict):
            actions.accept_settlement(office.actor("roads"), dispute_id=dispute_id, version=seen)
        actions.accept_settlement(office.actor("water"), dispute_id=dispute_id)
    row = Dispute.objects.get()
    assert (row.state, row.offer, row.offer_by_id) == ("settled", "桥下归我，余归你", office.units["roads"])
    assert set(AccessGrant.objects.values_list("ends_at", flat=True)) == {at(4)}
    with pytest.raises(Denied):
        ruled(office, dispute_id)


def test_only_who_opened_the_case_withdraws_it_and_not_after_the_ruling():
    office = open_office()
    dispute_id = opened(office)
    with freeze(at(3)), pytest.raises(Denied, match="提起单位"):
        actions.withdraw(office.actor("roads"), dispute_id=dispute_id, reason="不必争")
    answered(office, dispute_id)
    named(office, dispute_id)
    ruled(office, dispute_id)
    with freeze(at(11)), pytest.raises(Refused, match="已裁决"):
        actions.withdraw(office.actor("water"), dispute_id=dispute_id, reason="后悔")
    assert Dispute.objects.get().state == "ruled"


def test_arbiter_and_office_note_how_they_mediated():
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id)
    with freeze(at(4)):
        actions.note_mediation(office.actor("scholar"), dispute_id=dispute_id, text="双方愿再议")
        actions.note_mediation(office.actor("dispatcher"), dispute_id=dispute_id, text="约定周五会商")
        with pytest.raises(Denied, match="调解由"):
            actions.note_mediation(office.actor("water"), dispute_id=dispute_id, text="自行调解")
    rows = list(Statement.objects.order_by("id").values_list("kind", "text"))
    assert rows == [("mediation", "双方愿再议"), ("mediation", "约定周五会商")]


def test_nothing_of_the_case_and_its_object_is_erased_while_it_is_open():
    office = open_office()
    dispute_id = opened(office)

    def erase(stream: str, key: int, name: str) -> None:
        event = LedgerEvent.objects.get(stream_type=stream, stream_id=key, ver=1)
        erasing.erase(
            office.actor("security"),
            event_id=event.pk,
            names=[name],
            ground="个人信息保护法",
            authority="办〔2026〕7号",
        )

    with freeze(at(3)):
        for place in (("task", office.task_id, "title"), ("dispute", dispute_id, "claim")):
            with pytest.raises(Refused, match="证据保全"):
                erase(*place)
        actions.withdraw(office.actor("water"), dispute_id=dispute_id, reason="已协商一致")
        erase("dispute", dispute_id, "claim")
    assert Dispute.objects.get().claim == ERASED
    assert replay_difference() == []


def test_the_figures_count_what_one_may_see():
    office = open_office()
    first = opened(office)
    answered(office, first)
    named(office, first)
    ruled(office, first)
    opened(office, "roads", respondent_id=office.units["fire"], object_id=_own_task(office, "roads"))
    with freeze(at(11)):
        told = {
            login: queries.figures(actor=office.actor(login))
            for login in ("dispatcher", "water", "fire", "scholar")
        }
    assert {login: (one.open, one.ruled, one.median_days) for login, one in told.items()} == {
        "dispatcher": (1, 1, 6.0), "water": (0, 1, 6.0), "fire": (1, 0, None), "scholar": (0, 1, 6.0),
    }  # fmt: skip


def test_tables_and_sight_follow_from_the_ledger():
    office = open_office()
    with freeze(at(2)):
        claim = paper(office.actor("water"), "界桩照片")
    dispute_id = opened(office, files=[claim])
    named(office, dispute_id, "officer", when=at(2, 10))
    answered(office, dispute_id)
    with freeze(at(4)):
        actions.propose_settlement(office.actor("water"), dispute_id=dispute_id, text="各管一半")
        actions.note_mediation(office.actor("dispatcher"), dispute_id=dispute_id, text="未成")
        more = paper(office.actor("water"), "补充照片")
        actions.add_evidence(office.actor("water"), dispute_id=dispute_id, text="见图", files=[more])
    named(office, dispute_id, when=at(5))
    ruled(office, dispute_id)
    with freeze(at(11)):
        actions.open_correction(office.actor("dispatcher"), dispute_id=dispute_id, reason="桩号有误")
    ruled(office, dispute_id, when=at(12))
    with freeze(at(16)):
        other = opened(office, when=at(16))
        actions.withdraw(office.actor("water"), dispute_id=other, reason="误提")
    assert replay_difference() == []
    assert AccessGrant.objects.count() == 9


def test_the_arbiter_takes_the_evidence_of_case_and_object_with_one_click(tmp_path: Path, settings: Any):
    watch = Watch(tmp_path, settings)
    office = open_office()
    dispute_id = opened(office)
    named(office, dispute_id, "officer")
    with freeze(at(4)):
        watch.seal()
        client = signed_in("officer")
        page = client.get(f"/disputes/{dispute_id}/").content.decode()
        assert f'href="/evidence/dispute/{dispute_id}/"' in page
        made = client.post(f"/evidence/dispute/{dispute_id}/bundle/", {"purpose": "仲裁"})
        assert signed_in("fire").get(f"/evidence/dispute/{dispute_id}/").status_code == 404
    assert (made.status_code, made["Content-Type"]) == (200, "application/zip")
    kept = zipfile.ZipFile(io.BytesIO(made.content))
    told = b"".join(kept.read(name) for name in kept.namelist()).decode(errors="ignore")
    assert "dispute.dispute_opened" in told and "task.task_assigned" in told
