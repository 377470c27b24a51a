"""Every page of the site by name, each with the objects and the words it is asked with in the tests."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.calendar.queries import current_calendar
from sanban.base.files import actions as files
from sanban.base.files.intake import receive
from sanban.base.glass import actions as glass
from sanban.base.label import actions as labels
from sanban.base.notify import actions as hooks
from sanban.base.notify import queries as notify
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import RoleGrant
from sanban.base.search import actions as search
from sanban.base.watch import actions as watch
from sanban.desk.api_root.tests.office import MONDAY, Office, furnish, open_office
from sanban.execute.task.sheets_out import template
from sanban.supervise.chase.ladder import shipped
from tests.addresses_of_sight import answers, watched
from tests.case import Case

ELSEWHERE = ("account/", "api/")
"""The front door is the library's; the operations of the API have a table of their own."""


def names() -> set[str]:
    """The names of all pages."""
    return set(_walk(get_resolver().url_patterns, (), ""))


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, (*spaces, pattern.namespace) if pattern.namespace else spaces, address
            )
        elif not address.startswith(ELSEWHERE):
            yield ":".join((*spaces, pattern.name or address))


def paper(text: str = "一、加强防汛值守。由省水利厅负责。") -> SimpleUploadedFile:
    """A small file as a person hands it in."""
    return SimpleUploadedFile("意见.txt", text.encode())


def furnished() -> Office:
    """The office with one object in each state, and what only the pages need besides."""
    office = furnish(open_office())
    officer, stranger = office.actors["officer"], office.actors["stranger"]
    things = office.things
    assert officer.person_id and stranger.person_id
    things["person"], things["me"] = stranger.person_id, officer.person_id
    things["grant"] = RoleGrant.objects.get(person_id=stranger.person_id).pk
    things["deputy"] = people.appoint_deputy(
        SYSTEM, person_id=stranger.person_id, deputy_id=officer.person_id, until=None, reason="外出"
    )
    people.end_deputy(SYSTEM, deputy_row_id=things["deputy"])  # else the officer would act for the stranger
    things["deputy"] = people.appoint_deputy(
        SYSTEM, person_id=stranger.person_id, deputy_id=_spare(office), until=None, reason="外出"
    )
    people.reset_feed(officer)
    things["filter"] = search.save_filter(officer, page="task:register", name="我的", query="mine=on")
    things["key"] = people.make_token(officer, name="报表", scopes=["read"])[0]
    things["held"] = _file(officer, "留置记录")
    things["list"] = files.upload(
        actor=office.actors["dispatcher"],
        received=receive(_task_list(), "清单.xlsx"),
        level=1,
        about_type="task_import",
    )
    liaison = office.actors["liaison"]
    things["message"] = notify.inbox_page(actor=liaison, limit=1).rows[0].id
    things["webhook"] = hooks.create_webhook(
        office.actors["admin"], name="机器人", url="https://bot.example/", kinds=["new"]
    )[0]
    things["sight_request"] = watch.request_sight(
        stranger, address=f"/tasks/{things['task_acknowledged']}/", purpose="核对道路工期",
        until=clock.now() + timedelta(days=7),
    )  # fmt: skip
    office.things["bait"] = watch.set_bait(
        office.actors["security"],
        address=reverse("files:detail", args=[things["held"]]),
        reason="无人需要打开",
    )
    labels.ask_lowering(
        office.actors["dispatcher"], stream="policy", object_id=things["policy_settled"], level=0,
        reason="已经公开发布", review_on=date(2027, 3, 2),
    )  # fmt: skip
    things["glass"] = glass.ask(stranger, address=f"/tasks/{things['task_acknowledged']}/", reason="处置险情")
    office.things["case"] = watch.open_case(
        SYSTEM, rule="bait", person_id=_spare(office, "caught"), words="打开了诱饵文件。"
    )
    return office


def _spare(office: Office, login: str = "spare") -> int:
    drafts = [PersonDraft(login=login, name="备员", unit_id=office.units["roads"])]
    return people.create_people(SYSTEM, people=drafts)[0]


def _file(actor: Actor, text: str, level: int = 1) -> int:
    return files.upload(actor=actor, received=receive(text.encode(), f"{text}.txt"), level=level)


def _task_list() -> bytes:
    return template(
        ["省水利厅"], [["1", "", "推进值守", "省水利厅", "2026-06-30", "", "", "", "内部", "一般"]]
    )


def cases(office: Office) -> dict[str, Case]:
    """Every address with its words, by a name that says the verb too."""
    plain = [*_base(office), *_messages(office), *watched(office), *_loop(office)]
    return {case.url: case for case in plain} | _verbs(office) | answers(office)


def _files(t: dict[str, Any]) -> list[Case]:
    """The files room."""
    return [
        Case("files:index", words={"file": paper(), "level": 1}),
        Case("files:detail", {"file_id": t["file"]}),
        Case("files:add_version", {"file_id": t["file"]}, {"file": paper("另一版")}),
        Case("files:download", {"file_id": t["file"], "no": 1}),
        Case("files:purpose", {"file_id": t["file_secret"]}, {"purpose": "办件 1 号用作附件"}),
        Case("files:release", {"file_id": t["held"], "no": 1}, {"reason": "已在另一台机器上查过"}),
    ]


def _base(office: Office) -> list[Case]:
    """The rooms of the base, and the desk."""
    t, water = office.things, office.units["water"]
    return [
        Case("ui:look", words={"theme": "dark"}),
        Case("ui:styleguide"),
        Case("calendar:year"),
        Case("calendar:publish", words=_notice()),
        Case("people:people"),
        Case("people:units"),
        Case("people:new_unit", words={"name": "新厅", "code": "new", "kind": "department", "order": 0}),
        Case("people:unit", {"unit_id": water}),
        Case("people:new_person", words=_person(water) | {"login": "new"}),
        Case("people:import", words={"file": _roster()}),
        Case("people:account", words={"name": "报表", "scopes": ["read"]}),
        Case("people:reset_feed", words={}),
        Case("people:close_feed", words={}),
        Case("people:revoke_token", {"token_id": t["key"]}, {"back": t["me"]}),
        Case("people:end_role", {"grant_id": t["grant"]}, {"back": t["person"]}),
        Case("people:end_deputy", {"row_id": t["deputy"]}, {"back": t["person"]}),
        Case("people:person", {"person_id": t["person"]}),
        *_files(t),
        Case("search:search"),
        Case("search:save_filter", words={"page": "task:register", "query": "light=red", "name": "红灯"}),
        Case("search:rename_filter", {"filter_id": t["filter"]}, {"name": "只看红灯"}),
        Case("search:delete_filter", {"filter_id": t["filter"]}, {}),
        Case("desk:cockpit"),
        Case("desk:palette"),
        Case("desk:operations"),
        Case("desk:compliance"),
        Case("desk:permissions"),
        Case("desk:permissions_text"),
        Case("desk:permission", {"name": "task.see"}),
        Case("desk:rebuild_index", words={}),
        Case("desk:evidence"),
        Case("desk:evidence_policy"),
        Case("desk:erasures"),
        Case("desk:evidence_head", {"log": "ledger"}),
        Case("desk:evidence_audit", words={}),
        Case("desk:evidence_of", {"stream": "policy", "object_id": t["policy_open"]}),
        Case(
            "desk:evidence_bundle", {"stream": "policy", "object_id": t["policy_open"]}, {"purpose": "留存"}
        ),
        Case("desk:feed", {"token": "no-such-key"}),
        Case("desk:todo"),
        Case("desk:health"),
    ]


def _messages(office: Office) -> list[Case]:
    """The messages room."""
    message, hook = {"message_id": office.things["message"]}, {"endpoint_id": office.things["webhook"]}
    wishes = {"mail_kinds": ["new"], "digest": "08:40", "quiet_from": "20:00", "quiet_until": "07:30"}
    bot = {"name": "机器人", "url": "https://bot.example/", "shape": "json", "kinds": ["new"]}
    return [
        Case("notify:inbox"),
        Case("notify:read_all", words={}),
        Case("notify:open", message, {"back": office.things["me"]}),
        Case("notify:preferences", words=wishes),
        Case("notify:webhooks", words=bot),
        Case("notify:webhook", hook),
        Case("notify:try_webhook", hook, {}),
        Case("notify:disable_webhook", hook, {}),
    ]


def _loop(office: Office) -> list[Case]:
    """The rooms of the governance loop."""
    t, water = office.things, office.units["water"]
    return [
        Case("policy:index"),
        Case("policy:detail", {"policy_id": t["policy_open"]}),
        Case("dispute:index"),
        Case("dispute:terms", words=_terms()),
        Case("dispute:open", words=_quarrel(office), asked=f"?on=task/{t['ids']['asked']}"),
        Case("dispute:detail", {"dispute_id": t["dispute_answered"]}),
        Case("task:register"),
        Case("task:assign", words={"title": "新事项", "lead": water, "due_on": "2026-06-30"}),
        Case("task:import", words={"file": SimpleUploadedFile("清单.xlsx", _task_list())}),
        Case("task:import_template"),
        Case("task:import_list", {"file_id": t["list"]}, {}),
        Case("task:import_verdicts", {"file_id": t["list"]}),
        Case("task:detail", {"number": t["task_acknowledged"]}),
        Case("task:units"),
        Case("task:export_workbook"),
        Case("task:export_csv"),
        Case("task:bulk", words={"ids": [t["ids"]["assigned"]], "verb": "acknowledge"}),
        Case("task:break_down", {"number": t["task_acknowledged"]}, _parts(water)),
        Case("chase:register"),
        Case("chase:to_sign"),
        Case("chase:ladder", words=_ladder()),
        Case("chase:urge", {"task_id": t["ids"]["assigned"]}, {}),
        Case("chase:propose", {"task_id": t["ids"]["assigned"]}, {"rung": "notice", "reason": "久拖不决"}),
        Case("chase:detail", {"slip_id": t["slip_issued"]}),
        Case("assistant:upload", words={"file": paper(), "level": 1}),
        Case("assistant:review", {"policy_id": t["policy_open"]}),
        Case("assistant:confirm", {"policy_id": t["policy_open"]}, {"ids": [t["measure_open"]]}),
        Case("assistant:add", {"policy_id": t["policy_open"]}, {"quote": "关于加强水利工作的意见"}),
        Case("assistant:settle", {"policy_id": t["policy_settled"]}, {}),
        Case("assistant:dispatch", {"policy_id": t["policy_settled"]}, {"ids": [t["measure_settled"]]}),
        Case(
            "assistant:edit",
            {"measure_id": t["measure_open"]},
            {"title": "改写", "lead": water, "version": 1},
        ),
        Case("assistant:reject", {"measure_id": t["measure_open"]}, {"reason": "属于背景"}),
    ]


def _terms() -> dict[str, Any]:
    return {"since": "2026-12-01", "answer_days": 4, "ruling_days": 9, "base_number": 0, "note": "试行"}


def _quarrel(office: Office) -> dict[str, Any]:
    """A dispute with the roads department."""
    words = {"question": "谁来出资", "claim": "应由交通出资", "asks": "请裁决", "ground": "会议纪要"}
    return words | {"respondent": office.units["roads"], "evidence": paper("纪要")}


def _parts(lead: int) -> dict[str, Any]:
    """One part of a task that is broken down."""
    row = {"part-0-title": "上段", "part-0-lead": lead, "part-0-due_on": "2026-03-10"}
    return {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, **row}


def _verbs(office: Office) -> dict[str, Case]:
    """The addresses whose last part is the verb."""
    t, units = office.things, office.units
    made: dict[str, Case] = {}
    renamed: dict[str, dict[str, Any]] = {
        "rename": {"name": "省道路厅"}, "alias": {"alias": "道路厅"}, "move": {"parent": units["cabinet"]},
        "merge": {"into": units["water"]},
    }  # fmt: skip
    for verb, words in renamed.items():
        made[f"people:unit_act {verb}"] = Case(
            "people:unit_act", {"unit_id": units["roads"], "verb": verb}, words
        )
    personal: dict[str, dict[str, Any]] = {
        "edit": _person(units["roads"]), "role": {"role": "researcher"}, "clearance": {"clearance": 2},
        "deputy": {"login": "spare", "reason": "外出"}, "leave": {"login": "spare"},
        "password": {"password": "a-long-word-of-the-tests"},
    }  # fmt: skip
    for verb, words in personal.items():
        made[f"people:person_act {verb}"] = Case(
            "people:person_act", {"person_id": t["person"], "verb": verb}, words
        )
    later, officer = "2026-06-30", office.actors["officer"].person_id
    worked: dict[str, tuple[str, dict[str, Any]]] = {
        "acknowledge": ("assigned", {}), "report": ("acknowledged", {"progress": 40, "text": "已进场"}),
        "conclude": ("acknowledged", {"text": "已完成"}),
        "ask_extension": ("acknowledged", {"due_on": later, "reason": "雨季"}),
        "decide_extension": ("asked", {"approve": "1", "note": "同意"}),
        "send_back": ("assigned", {"reason": "不属我厅"}),
        "forward": ("assigned", {"to": units["roads"], "reason": "属路政"}),
        "set_owner": ("acknowledged", {"owner": office.actors["liaison"].person_id}),
        "set_partners": ("acknowledged", {"partners": [units["roads"]], "reason": "路政也要参加"}),
        "name_member": ("secret", {"person": officer, "until": "2026-03-20", "reason": "参与起草"}),
        "remove_member": ("secret", {"person": officer, "reason": "调离专班"}),
        "pause": ("acknowledged", {"reason": "资金未到"}), "resume": ("paused", {}),
        "verify": ("concluded", {"accept": "1", "note": "属实"}), "close_out": ("verified", {}),
        "reopen": ("closed", {"due_on": later, "reason": "又漏水"}), "withdraw": ("assigned", {"reason": "重复"}),
    }  # fmt: skip
    for verb, (state, words) in worked.items():
        made[f"task:do {verb}"] = Case("task:do", {"number": t[f"task_{state}"], "verb": verb}, words)
    made |= _steps(office)
    judged: dict[str, tuple[str, dict[str, Any]]] = {
        "sign": ("proposed", {}), "dismiss": ("proposed", {"reason": "已说明"}),
        "reply": ("issued", {"text": "月底前完成"}), "accept": ("replied", {}),
        "reject": ("replied", {"reason": "没有时间"}), "withdraw": ("issued", {"reason": "已办结"}),
    }  # fmt: skip
    for verb, (slip, words) in judged.items():
        made[f"chase:decide {verb}"] = Case(
            "chase:decide", {"slip_id": t[f"slip_{slip}"], "verb": verb}, words
        )
    return made


def _person(unit_id: int) -> dict[str, Any]:
    return {"name": "新人", "unit": unit_id, "clearance": 1}


def _notice() -> dict[str, Any]:
    calendar = current_calendar(actor=SYSTEM)
    return {
        "name": "2027 年放假安排", "hours": "8:30-12:00 14:00-17:30", "lines": "2027-01-01 休 元旦",
        "base_number": calendar.number, "seen": json.dumps({}),
    }  # fmt: skip


def _ladder() -> dict[str, Any]:
    rule = shipped()
    kept = (
        "urge_repeat_days", "urge_answer_minutes", "notice_after_days", "notice_answer_minutes",
        "circular_answer_minutes", "direct_urgency", "direct_rung",
    )  # fmt: skip
    return {name: getattr(rule, name) for name in kept} | {"note": "试行", "base_number": rule.number}


def _roster() -> io.BytesIO:
    return io.BytesIO(b"not a workbook")


__all__ = ["ELSEWHERE", "MONDAY", "Case", "cases", "furnished", "names", "paper"]


def _steps(office: Office) -> dict[str, Case]:
    """The steps of a dispute, each on a case that is ready for it."""
    fresh, ready, ruled = (office.things[f"dispute_{name}"] for name in ("opened", "answered", "ruled"))
    lines = {"duty-TOTAL_FORMS": 0, "duty-INITIAL_FORMS": 0}
    ruling = {"findings": "属实", "grounds": "三定规定", "decision": "由省水利厅管护", **lines}
    told: dict[str, tuple[int, int, dict[str, Any]]] = {
        "answer": (fresh, 1, {"text": "应由多家共管", "evidence": paper("界桩")}),
        "arbiter": (fresh, 1, {"arbiter": "supervisor"}), "withdraw": (fresh, 1, {"reason": "已协商一致"}),
        "offer": (fresh, 1, {"text": "各管一段"}), "evidence": (ready, 5, {"text": "另有纪要"}),
        "mediate": (ready, 5, {"text": "约定会商"}), "accept": (ready, 5, {}), "rule": (ready, 5, ruling),
        "correct": (ruled, 6, {"reason": "桩号有误"}),
    }  # fmt: skip
    return {
        f"dispute:do {verb}": Case(
            "dispute:do", {"dispute_id": key, "verb": verb}, words | {"version": version}
        )
        for verb, (key, version, words) in told.items()
    }
