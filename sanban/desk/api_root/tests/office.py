"""The cast of the API's tests: one person a role, each with keys, and one object in each state that a verb needs."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from sanban.base import clock
from sanban.base.access.actor import ROLES, SYSTEM, Actor
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.files.scan import ScanResult
from sanban.base.notify import actions as notify
from sanban.base.notify.models import Message
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.queries import actors_by_login
from sanban.decide.dispute import actions as disputes
from sanban.decide.policy import actions as policies
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft
from sanban.execute.task.models import TaskItem
from sanban.supervise.chase import actions as chase

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""09:00 of a working Monday in the office."""
DUE = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
LATER = "2026-04-10T17:30:00+08:00"
TEXT = "关于加强水利工作的意见\n\n一、省水利厅牵头，2026年6月底前完成水库除险加固。\n二、省交通厅配合，做好道路保畅。\n"
PLACES = {
    "officer": "water", "liaison": "water", "supervisor": "inspection", "signer": "inspection",
    "dispatcher": "general", "researcher": "research", "leader": "cabinet", "admin": "centre", "security": "centre",
    "auditor": "centre",
}  # fmt: skip
"""Where each role sits: apart from one another, so that the table shows the role and not the unit."""


@dataclass
class Office:
    """Units by code, people and keys by role, things by name."""

    units: dict[str, int]
    actors: dict[str, Actor]
    keys: dict[str, str] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A program with this role's key (`read:` and `write:` before a role: a key of that scope alone)."""
        return Client(headers={"authorization": f"Bearer {self.keys[role]}"})


def open_office() -> Office:
    """Units, one person a role, and a stranger of another unit; each with a key of both scopes."""
    with clock.freeze(MONDAY):
        return _opened()


def _opened() -> Office:
    names = {"general": "综合办", "inspection": "督查办", "water": "省水利厅", "roads": "省交通厅",
        "research": "研究室", "cabinet": "省政府", "centre": "信息中心"}  # fmt: skip
    drafts = [UnitDraft(code=code, name=name, short=name, kind="department") for code, name in names.items()]
    units = dict(zip(names, people.create_units(SYSTEM, units=drafts), strict=True))
    cast = [PersonDraft(login=role, name=role, unit_id=units[PLACES[role]], roles=(role,)) for role in ROLES]
    cast.append(PersonDraft(login="stranger", name="stranger", unit_id=units["roads"], roles=("officer",)))
    people.create_people(SYSTEM, people=cast)
    made = Office(units, actors_by_login(actor=SYSTEM))
    for login, actor in made.actors.items():
        made.keys[login] = people.make_token(actor, name="程序", scopes=["read", "write"])[1]
    for scope in ("read", "write"):
        made.keys[f"{scope}:dispatcher"] = people.make_token(
            made.actors["dispatcher"], name="程序", scopes=[scope]
        )[1]
    return made


def office_with_a_task() -> Office:
    """The usual cast, and one task of the water department with its address."""
    made = open_office()
    with clock.freeze(MONDAY):
        key = assigned(made)
    made.things |= {"task": key, "address": f"/tasks/{TaskItem.objects.get(pk=key).number}/"}
    return made


def furnish(office: Office) -> Office:
    """One task in each state, slips in each state, a policy with measures, a file that may leave."""
    with clock.freeze(MONDAY):
        _tasks(office)
        _slips(office)
        _policy(office)
        _file(office)
        _disputes(office)
        _secrets(office)
        token = people.make_token(office.actors["dispatcher"], name="另一个", scopes=["read"])
        office.things["token"] = token[0]
        office.things["webhook"] = notify.create_webhook(
            office.actors["admin"], name="督办群", url="https://im.example.cn/hook/0", kinds=["new"]
        )[0]
        told = Message.objects.filter(person_id=office.actors["liaison"].person_id or 0)
        office.things["message"] = told.order_by("id")[0].pk
    return office


def assigned(office: Office, title: str = "整治河道", **more: Any) -> int:
    """One task led by the water department."""
    draft = TaskDraft(title=title, lead_id=office.units["water"], due_at=DUE, **more)
    return tasks.assign_many(office.actors["dispatcher"], drafts=[draft])[0]


def _tasks(office: Office) -> None:
    lead, inspector = office.actors["liaison"], office.actors["supervisor"]
    giver = office.actors["dispatcher"]
    ids = {name: assigned(office, f"事项{name}") for name in (
        "assigned", "acknowledged", "asked", "answered", "sent_back", "paused", "concluded", "verified", "closed",
    )}  # fmt: skip
    for name in ("acknowledged", "asked", "answered", "concluded", "verified", "closed"):
        tasks.acknowledge(lead, task_id=ids[name])
    tasks.report(lead, task_id=ids["acknowledged"], progress=30, text="已完成勘察")
    tasks.ask_extension(lead, task_id=ids["asked"], due_at=DUE + timedelta(days=14), reason="雨季")
    tasks.send_back(lead, task_id=ids["sent_back"], reason="不属我厅职责")
    tasks.pause(giver, task_id=ids["paused"], reason="资金未到")
    for name in ("concluded", "verified", "closed"):
        tasks.conclude(lead, task_id=ids[name], text="已完成")
    for name in ("verified", "closed"):
        tasks.verify(inspector, task_id=ids[name], accept=True, note="属实")
    tasks.close_out(inspector, task_id=ids["closed"])
    numbers = dict(TaskItem.objects.values_list("pk", "number"))
    office.things |= {f"task_{name}": numbers[key] for name, key in ids.items()}
    office.things["ids"] = ids


def _slips(office: Office) -> None:
    ids, inspector, signer = office.things["ids"], office.actors["supervisor"], office.actors["signer"]
    proposed = chase.propose(inspector, task_id=ids["acknowledged"], rung="notice", reason="久拖不决")
    issued = chase.propose(inspector, task_id=ids["asked"], rung="notice", reason="久拖不决")
    replied = chase.propose(inspector, task_id=ids["answered"], rung="notice", reason="久拖不决")
    for slip in (issued, replied):
        chase.sign(signer, slip_id=slip)
    chase.reply(office.actors["liaison"], slip_id=replied, text="月底前完成")
    office.things |= {"slip_proposed": proposed, "slip_issued": issued, "slip_replied": replied}


def _policy(office: Office) -> None:
    giver = office.actors["dispatcher"]
    for name in ("open", "settled"):
        policy = policies.register(actor=giver, title="关于加强水利工作的意见", text=TEXT)
        first, second = (TEXT.index("一、"), TEXT.index("二、"))
        drafts = [
            policies.MeasureDraft(
                start=first, end=second - 1, title="水库除险加固", lead_id=office.units["water"],
                due_on=datetime(2026, 6, 30, tzinfo=UTC).date(),
            ),
            policies.MeasureDraft(start=second, end=len(TEXT) - 1, title="道路保畅"),
        ]  # fmt: skip
        ids = policies.propose_measures(actor=giver, policy_id=policy, drafts=drafts)
        office.things |= {f"policy_{name}": policy, f"measure_{name}": ids[0], f"second_{name}": ids[1]}
    policies.confirm_measures(
        actor=giver, policy_id=office.things["policy_settled"], measure_ids=[office.things["measure_settled"]]
    )
    policies.reject_measure(actor=giver, measure_id=office.things["second_settled"], reason="属于背景表述")


def _disputes(office: Office) -> None:
    """The leader's office against the water department: waiting, ready for a ruling with an offer, and ruled."""
    ids, leader, water = office.things["ids"], office.actors["leader"], office.actors["liaison"]
    giver, researcher = office.actors["dispatcher"], office.actors["researcher"]
    for name, task in (("opened", "sent_back"), ("answered", "answered"), ("ruled", "paused")):
        key = office.things[f"dispute_{name}"] = disputed(office, ids[task])
        if name == "opened":
            continue
        disputes.answer(water, dispute_id=key, text="应由多家共管")
        disputes.name_arbiter(giver, dispute_id=key, person_id=researcher.person_id or 0)
        disputes.propose_settlement(leader, dispute_id=key, text="各管一段")
        disputes.note_mediation(giver, dispute_id=key, text="约定会商")
    arbiter = actors_by_login(actor=SYSTEM)["researcher"]
    words: dict[str, Any] = {"findings": "河道在辖区内", "grounds": "三定规定", "decision": "由省水利厅管护"}
    disputes.rule(arbiter, dispute_id=office.things["dispute_ruled"], **words)


def disputed(office: Office, task_id: int) -> int:
    """One dispute of the leader's office with the water department."""
    words: dict[str, Any] = {
        "question": "谁来管护",
        "claim": "应由水利管护",
        "asks": "请裁决",
        "ground": "三定规定",
    }
    return disputes.open_dispute(
        office.actors["leader"],
        stream="task",
        object_id=task_id,
        respondent_id=office.units["water"],
        **words,
    )


def _file(office: Office) -> None:
    received = receive("勘察记录".encode(), "记录.txt")
    key = files.upload(actor=office.actors["liaison"], received=received, level=1)
    clean = ScanResult(state="clean", detail="", answered=True)
    files.record_scan(actor=SYSTEM, file_id=key, no=1, result=clean)
    office.things["file"] = key


def _secrets(office: Office) -> None:
    """A work secret that names the officer, and a secret file; the dispatcher, the liaison and he are cleared."""
    for login in ("dispatcher", "liaison", "officer"):
        people.set_clearance(SYSTEM, person_id=office.actors[login].person_id or 0, clearance=2)
    office.actors |= actors_by_login(actor=SYSTEM)
    lead, officer = office.actors["liaison"], office.actors["officer"].person_id or 0
    key = office.things["ids"]["secret"] = assigned(office, "秘密事项", level=2)
    tasks.acknowledge(lead, task_id=key)
    tasks.name_member(lead, task_id=key, person_id=officer, until=DUE, reason="参与起草")
    office.things["task_secret"] = TaskItem.objects.get(pk=key).number
    received = receive("秘密的记录".encode(), "秘密.txt")
    made = office.things["file_secret"] = files.upload(actor=lead, received=received, level=2)
    files.record_scan(actor=SYSTEM, file_id=made, no=1, result=ScanResult(state="clean"))


def upload(text: str = TEXT, name: str = "意见.txt") -> SimpleUploadedFile:
    """A small file as a program sends it."""
    return SimpleUploadedFile(name, text.encode())


def post(client: Client, path: str, body: Any = None, **headers: str) -> HttpResponse:
    """POST JSON, or a form when there is a file in it."""
    sent = dict(body or {})
    if any(isinstance(value, SimpleUploadedFile) for value in sent.values()):
        for value in sent.values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        return client.post(f"/api/v1{path}", sent, headers=headers)  # type: ignore[return-value]
    return client.post(f"/api/v1{path}", sent, content_type="application/json", headers=headers)  # type: ignore[return-value]


def get(client: Client, path: str, **headers: str) -> HttpResponse:
    """GET."""
    return client.get(f"/api/v1{path}", headers=headers)  # type: ignore[return-value]
