"""One request for each operation, made so that whoever has the right succeeds."""

from typing import Any

from sanban.desk.api_root.tests.office import LATER, TEXT, Office, upload

Case = tuple[str, str, dict[str, Any] | None]
REASON = {"reason": "理由充分"}
LADDER = {
    "urge_repeat_days": 2, "urge_answer_minutes": 420, "notice_after_days": 5, "notice_answer_minutes": 1260,
    "circular_answer_minutes": 2100, "direct_urgency": 2, "direct_rung": "notice",
}  # fmt: skip


def cases(office: Office) -> dict[str, Case]:
    """operationId -> method, path, body."""
    return {
        "calendar_add_minutes": (
            "GET",
            "/calendar/add-minutes?at=2026-03-02T09:00:00%2B08:00&minutes=420",
            None,
        ),
        "calendar_current": ("GET", "/calendar", None),
        "calendar_working_days": ("GET", "/calendar/working-days?since=2026-03-01&until=2026-03-31", None),
        "light_counts": ("GET", "/lights", None),
        **_people(office),
        **_files(office),
        **_policies(office),
        **_tasks(office),
        **_slips(office),
        **_disputes(office),
        **_messages(office),
    }


def _people(office: Office) -> dict[str, Case]:
    return {
        "people_me": ("GET", "/me", None),
        "people_people": ("GET", "/people?q=officer", None),
        "people_revoke_token": ("POST", f"/tokens/{office.things['token']}/revoke", None),
        "people_tokens": ("GET", "/tokens", None),
        "people_unit_candidates": ("GET", "/units/candidates?q=水利", None),
        "people_units": ("GET", "/units", None),
    }


def _files(office: Office) -> dict[str, Case]:
    key = office.things["file"]
    return {
        "files_add_version": ("POST", f"/files/{key}/versions", {"file": upload("勘察记录二", "记录.txt")}),
        "files_content": ("GET", f"/files/{key}/content", None),
        "files_list": ("GET", "/files", None),
        "files_one": ("GET", f"/files/{key}", None),
        "files_purpose": (
            "POST",
            f"/files/{office.things['file_secret']}/purpose",
            {"purpose": "办件 1 号用作附件"},
        ),
        "files_upload": ("POST", "/files", {"file": upload(), "level": "1"}),
    }


def _policies(office: Office) -> dict[str, Case]:
    things = office.things
    fresh, settled = f"/policies/{things['policy_open']}", f"/policies/{things['policy_settled']}"
    measure = f"/measures/{things['measure_open']}"
    chosen = {"measure_ids": [things["measure_open"]]}
    return {
        "assistant_dispatch": ("POST", f"{settled}/dispatch", {"measure_ids": [things["measure_settled"]]}),
        "assistant_dispatch_plan": ("GET", f"{settled}/dispatch-plan", None),
        "assistant_upload": ("POST", "/policy-files", {"file": upload(TEXT), "level": "1"}),
        "policy_confirm": ("POST", f"{settled}/confirm", None),
        "policy_confirm_measures": ("POST", f"{fresh}/measures/confirm", chosen),
        "policy_edit_measure": ("POST", f"{measure}/edit", {"title": "除险加固", "acceptance": "验收合格"}),
        "policy_list": ("GET", "/policies", None),
        "policy_measure": ("GET", measure, None),
        "policy_measures": ("GET", f"{fresh}/measures", None),
        "policy_one": ("GET", fresh, None),
        "policy_reject_measure": ("POST", f"{measure}/reject", REASON),
    }


def _tasks(office: Office) -> dict[str, Case]:
    things, units = office.things, office.units
    water, officer = office.actors["liaison"].person_id, office.actors["officer"].person_id

    def at(state: str, rest: str = "") -> str:
        return f"/tasks/{things[f'task_{state}']}{rest}"

    draft = {"title": "新的事项", "lead_id": units["water"], "due_at": "2026-03-18T17:30:00+08:00"}
    partners = {"partners": [units["roads"]], **REASON}
    reads = {
        f"task_{name}": ("GET", at("acknowledged", f"/{name}"), None)
        for name in ("timeline", "light", "parts", "reports", "extensions")
    }
    verdict = {"approve": True, "note": "同意"}
    return reads | {
        "task_list": ("GET", "/tasks", None),
        "task_one": ("GET", at("acknowledged"), None),
        "task_assign": ("POST", "/tasks", {"tasks": [draft]}),
        "task_break_down": ("POST", at("acknowledged", "/break_down"), {"parts": [draft]}),
        "task_acknowledge": ("POST", at("assigned", "/acknowledge"), None),
        "task_set_owner": ("POST", at("assigned", "/set_owner"), {"owner_id": water}),
        "task_set_partners": ("POST", at("assigned", "/set_partners"), partners),
        "task_name_member": (
            "POST",
            at("secret", "/name_member"),
            {"person_id": officer, "until": "2026-03-20T17:30:00+08:00", **REASON},
        ),
        "task_remove_member": ("POST", at("secret", "/remove_member"), {"person_id": officer, **REASON}),
        "task_report": ("POST", at("acknowledged", "/report"), {"progress": 60, "text": "过半"}),
        "task_ask_extension": ("POST", at("acknowledged", "/ask_extension"), {"due_at": LATER, **REASON}),
        "task_decide_extension": ("POST", at("asked", "/decide_extension"), verdict),
        "task_send_back": ("POST", at("assigned", "/send_back"), REASON),
        "task_forward": ("POST", at("assigned", "/forward"), {"to_id": units["roads"], **REASON}),
        "task_pause": ("POST", at("assigned", "/pause"), REASON),
        "task_resume": ("POST", at("paused", "/resume"), None),
        "task_conclude": ("POST", at("acknowledged", "/conclude"), {"text": "已完成"}),
        "task_verify": ("POST", at("concluded", "/verify"), {"accept": True, "note": "属实"}),
        "task_close_out": ("POST", at("verified", "/close_out"), None),
        "task_reopen": ("POST", at("closed", "/reopen"), {"due_at": LATER, **REASON}),
        "task_withdraw": ("POST", at("assigned", "/withdraw"), REASON),
    }


def _messages(office: Office) -> dict[str, Case]:
    hook = {"name": "值班群", "url": "https://im.example.cn/hook/1", "kinds": ["new"]}
    endpoint = f"/webhooks/{office.things['webhook']}"
    return {
        "notify_messages": ("GET", "/messages", None),
        "notify_read_all": ("POST", "/messages/read", None),
        "notify_read": ("POST", f"/messages/{office.things['message']}/read", None),
        "notify_webhooks": ("GET", "/webhooks", None),
        "notify_create_webhook": ("POST", "/webhooks", hook),
        "notify_disable_webhook": ("POST", f"{endpoint}/disable", None),
        "notify_test_webhook": ("POST", f"{endpoint}/test", None),
    }


def _slips(office: Office) -> dict[str, Case]:
    things = office.things
    task = f"/tasks/{things['task_assigned']}"

    def at(state: str, verb: str = "") -> str:
        return f"/slips/{things[f'slip_{state}']}{verb}"

    return {
        "chase_slips": ("GET", "/slips", None),
        "chase_slip": ("GET", at("issued"), None),
        "chase_task_slips": ("GET", f"{task}/slips", None),
        "chase_ladder": ("GET", "/ladder", None),
        "chase_publish_ladder": ("POST", "/ladder", {**LADDER, "base_number": 1, "note": "调整"}),
        "chase_urge": ("POST", f"{task}/urge", REASON),
        "chase_propose": ("POST", f"{task}/propose", {"rung": "notice", **REASON}),
        "chase_sign": ("POST", at("proposed", "/sign"), None),
        "chase_dismiss": ("POST", at("proposed", "/dismiss"), REASON),
        "chase_reply": ("POST", at("issued", "/reply"), {"text": "月底前完成"}),
        "chase_accept_reply": ("POST", at("replied", "/accept_reply"), None),
        "chase_reject_reply": ("POST", at("replied", "/reject_reply"), REASON),
        "chase_withdraw": ("POST", at("issued", "/withdraw"), REASON),
    }


def _disputes(office: Office) -> dict[str, Case]:
    things, units, text = office.things, office.units, {"text": "另有会议纪要"}
    fresh, ready = f"/disputes/{things['dispute_opened']}", f"/disputes/{things['dispute_answered']}"
    words = {"question": "谁来出资", "claim": "应由交通出资", "asks": "请裁决", "ground": "会议纪要"}
    opening = {
        "stream": "task",
        "object_id": things["ids"]["asked"],
        "respondent_id": units["roads"],
        **words,
    }
    duty = {"unit_id": units["water"], "role": "R", "matter": "管护", "since": "2026-04-01"}
    ruling = {"findings": "属实", "grounds": "三定规定", "decision": "由省水利厅管护", "duties": [duty]}
    supervisor = office.actors["supervisor"].person_id
    return {
        "dispute_list": ("GET", "/disputes", None),
        "dispute_one": ("GET", ready, None),
        "dispute_open": ("POST", "/disputes", opening),
        "dispute_answer": ("POST", f"{fresh}/answer", text),
        "dispute_evidence": ("POST", f"{ready}/evidence", text),
        "dispute_mediate": ("POST", f"{ready}/mediate", text),
        "dispute_arbiter": ("POST", f"{fresh}/arbiter", {"person_id": supervisor}),
        "dispute_offer": ("POST", f"{fresh}/offer", text),
        "dispute_accept": ("POST", f"{ready}/accept", None),
        "dispute_withdraw": ("POST", f"{fresh}/withdraw", REASON),
        "dispute_rule": ("POST", f"{ready}/rule", ruling),
        "dispute_correct": ("POST", f"/disputes/{things['dispute_ruled']}/correct", REASON),
    }
