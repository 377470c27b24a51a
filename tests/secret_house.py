"""A house full of work secrets: an object of each kind, with something secret in every field that can hold prose."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sanban.base import clock
from sanban.base.access.actor import SYSTEM
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.glass import actions as glass
from sanban.base.label import actions as label
from sanban.base.ledger.errors import Refused
from sanban.base.people import actions as people
from sanban.base.people.models import Person
from sanban.base.people.queries import actors_by_login
from sanban.base.people.tests.browsers import signed_in
from sanban.base.watch import actions as watch
from sanban.decide.dispute import actions as disputes
from sanban.decide.policy import actions as policies
from sanban.desk.api_root.tests.office import DUE, Office, assigned, post
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.supervise.chase import actions as chase

MARK = "鹭鸶湾沉箱"
"""Words that stand nowhere but in what is secret."""
TEXT = (
    f"{MARK}处置意见\n\n一、省水利厅牵头，2026年6月底前完成{MARK}清理。\n二、省交通厅配合{MARK}航道管制。\n"
)


def said(what: str) -> str:
    """A sentence with the secret words in it."""
    return f"{what}：{MARK}"


def _told(**words: str) -> dict[str, Any]:
    return {name: said(what) for name, what in words.items()}


def cleared(office: Office) -> Office:
    """Everybody may know secrets for the while."""
    for person in Person.objects.filter(login__in=office.actors, clearance__lt=2):
        people.set_clearance(SYSTEM, person_id=person.pk, clearance=2)
    return replace(office, actors=actors_by_login(actor=SYSTEM))


def secret_house(office: Office) -> dict[str, Any]:
    """Secrets of every kind, made by acts; the things by name."""
    made = cleared(office)
    found: dict[str, Any] = {"office": made}
    _policy(made, found)
    _tasks(made, found)
    _slips(made, found)
    _dispute(made, found)
    _sights(made, found)
    _refusals(made, found)
    return found


def _policy(office: Office, found: dict[str, Any]) -> None:
    giver = office.actors["dispatcher"]
    policy = policies.register(actor=giver, title=said("意见"), text=TEXT, organ=said("机关"), level=2)
    first, second = TEXT.index("一、"), TEXT.index("二、")
    drafts = [
        policies.MeasureDraft(
            start=first, end=second - 1, title=said("清理"), lead_id=office.units["water"],
            acceptance=said("验收"), targets=({"text": said("指标")},), facts=({"kind": "lead", "text": said("事实"),
            "start": first, "end": second - 1},),
        ),
        policies.MeasureDraft(start=second, end=len(TEXT) - 1, title=said("管制")),
    ]  # fmt: skip
    ids = policies.propose_measures(actor=giver, policy_id=policy, drafts=drafts)
    policies.reject_measure(actor=giver, measure_id=ids[1], reason=said("背景"))
    found |= {"policy_id": policy, "measure_id": ids[0]}


def _tasks(office: Office, found: dict[str, Any]) -> None:
    giver, lead, inspector = (office.actors[key] for key in ("dispatcher", "liaison", "supervisor"))
    words = _told(title="事项", detail="说明", acceptance="标准")
    ids = {name: assigned(office, level=2, **words) for name in ("open", "done", "back", "asked")}
    file = files.upload(actor=lead, received=receive(MARK.encode(), f"{MARK}.txt"), level=2)
    for name in ("open", "done", "asked"):
        tasks.acknowledge(lead, task_id=ids[name])
    tasks.report(lead, task_id=ids["open"], progress=30, text=said("进展"), files=[file])
    tasks.send_back(lead, task_id=ids["back"], reason=said("退回"))
    tasks.forward(giver, task_id=ids["back"], to_id=office.units["roads"], reason=said("转办"))
    asked = tasks.ask_extension(
        lead, task_id=ids["asked"], due_at=DUE + timedelta(days=9), reason=said("延期")
    )
    tasks.decide_extension(giver, task_id=ids["asked"], extension_id=asked, approve=True, note=said("同意"))
    tasks.conclude(lead, task_id=ids["done"], text=said("办结"))
    tasks.verify(inspector, task_id=ids["done"], accept=False, note=said("不属实"))
    number = TaskItem.objects.values_list("number", flat=True).get(pk=ids["open"])
    found |= {"task_id": ids["open"], "file_id": file, "ids": ids, "number": number}


def _slips(office: Office, found: dict[str, Any]) -> None:
    inspector, signer, lead = (office.actors[key] for key in ("supervisor", "signer", "liaison"))
    slip = chase.propose(inspector, task_id=found["ids"]["asked"], rung="notice", reason=said("理由"))
    chase.sign(signer, slip_id=slip)
    chase.reply(lead, slip_id=slip, text=said("答复"))
    chase.reject_reply(inspector, slip_id=slip, reason=said("不认可"))
    found["slip_id"] = slip


def _dispute(office: Office, found: dict[str, Any]) -> None:
    leader, water, giver = (office.actors[key] for key in ("leader", "liaison", "dispatcher"))
    key = disputes.open_dispute(
        leader, stream="task", object_id=found["ids"]["back"], respondent_id=office.units["water"],
        **_told(question="问题", claim="主张", asks="请求", ground="依据"),
    )  # fmt: skip
    disputes.answer(water, dispute_id=key, text=said("答辩"))
    disputes.add_evidence(water, dispute_id=key, text=said("证据"))
    disputes.name_arbiter(giver, dispute_id=key, person_id=office.actors["researcher"].person_id or 0)
    disputes.propose_settlement(leader, dispute_id=key, text=said("和解"))
    disputes.note_mediation(giver, dispute_id=key, text=said("调解"))
    arbiter = actors_by_login(actor=SYSTEM)["researcher"]
    disputes.rule(arbiter, dispute_id=key, **_told(findings="认定", grounds="理由", decision="决定"))
    disputes.open_correction(giver, dispute_id=key, reason=said("更正"))
    found["dispute_id"] = key


def _sights(office: Office, found: dict[str, Any]) -> None:
    stranger, address = office.actors["stranger"], f"/tasks/{found['number']}/"
    until = clock.now() + timedelta(days=7)
    asked = watch.request_sight(stranger, address=address, purpose=said("核对"), until=until)
    watch.deny_sight(office.actors["liaison"], request_id=asked, note=said("不宜"))
    found["sight_id"] = glass.ask(stranger, address=address, reason=said("险情"))


def _refusals(office: Office, found: dict[str, Any]) -> None:
    """What a refusal quotes is what was typed."""
    draft = TaskDraft(title=f"{said('事项')}{'长' * 200}", lead_id=office.units["water"], due_at=DUE, level=2)
    try:
        tasks.assign_many(office.actors["dispatcher"], drafts=[draft])
    except Refused as refusal:
        found["refusal"] = refusal.message


def raised(office: Office) -> int:
    """A task that was internal, with its report, slip, messages and place in the index, is a secret from now on."""
    lead, giver = office.actors["liaison"], office.actors["dispatcher"]
    key = assigned(office, said("原为内部"), detail=said("说明"))
    tasks.acknowledge(lead, task_id=key)
    tasks.report(lead, task_id=key, progress=20, text=said("进展"))
    chase.propose(office.actors["supervisor"], task_id=key, rung="notice", reason=said("理由"))
    label.set_label(
        giver,
        stream="task",
        object_id=key,
        level=2,
        reason=said("定密"),
        review_on=DUE.date() + timedelta(days=90),
    )
    return key


def looked_at(office: Office, found: dict[str, Any]) -> None:
    """People read it on pages and search for it; a program acts on it by a key, and is told the same twice."""
    inside, number = signed_in("dispatcher"), found["number"]
    for address in (f"/tasks/{number}/", f"/search/?q={MARK}", f"/tasks/?q={MARK}", f"/policies/?q={MARK}"):
        assert MARK in inside.get(address).content.decode(), address
    words = {"progress": 40, "text": said("又有进展"), "version": TaskItem.objects.get(number=number).version}
    for _time in range(2):
        answer = post(office.client("liaison"), f"/tasks/{number}/report", words, **{"Idempotency-Key": "k1"})
        assert answer.status_code == 200, answer.content.decode()
        assert MARK in answer.content.decode()
    assert answer["Idempotent-Replay"] == "true"
