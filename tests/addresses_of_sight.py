"""The addresses of watching over access: who has seen what, requests for sight, emergencies, copies of the log."""

from typing import Any

from sanban.base.watch.numbers import NAMES, Numbers
from sanban.desk.api_root.tests.office import Office
from tests.case import Case


def watched(office: Office) -> list[Case]:
    """Who has seen what, refusals, requests for sight."""
    asked = {"request_id": office.things["sight_request"]}
    task = {"stream": "task", "object_id": office.things["ids"]["acknowledged"]}
    return [
        Case("desk:mirror_checkpoint", {"log": "ledger", "suite": "sha256"}),
        Case("desk:mirror_tile", {"log": "ledger", "suite": "sha256", "path": "0/000"}),
        Case("watch:seen", task),
        Case("watch:refusals"),
        Case("watch:ask", words={"address": "/policies/", "purpose": "核对数字", "until": "2026-03-10"}),
        Case("watch:requests"),
        Case("watch:request", asked),
        Case("watch:cases"),
        Case("watch:case", {"case_id": office.things["case"]}, {"finding": "属误点，已提醒"}),
        Case("watch:rules", words=_numbers()),
        Case(
            "watch:set_bait",
            words={"address": f"/policies/{office.things['policy_settled']}/", "reason": "试设"},
        ),
        Case("watch:lift_bait", {"bait_id": office.things["bait"]}, {}),
        Case("watch:step_up"),
        Case("label:index"),
        Case("label:fields"),
        Case("label:one", {"stream": "policy", "object_id": office.things["policy_open"]}),
        Case("glass:index"),
        Case("glass:ask", words={"address": "/policies/", "reason": "处置险情"}),
        Case("glass:one", {"sight_id": office.things["glass"]}),
        Case("glass:terms", words={"minutes": 30, "review_days": 2, "note": "试行", "base_number": 0}),
    ]


def _numbers() -> dict[str, Any]:
    said = {name: getattr(Numbers(), name) for name in NAMES}
    return said | {"note": "试行", "base_number": 0}


def _labelling(office: Office) -> dict[str, Case]:
    """A level with its reason, and a lower one that waits for its second signature."""
    said = {"level": 1, "reason": "过程性文件", "review_on": "2026-12-31"}
    opened, settled = office.things["policy_open"], office.things["policy_settled"]
    verbs: dict[str, tuple[int, dict[str, Any]]] = {
        "set": (opened, said), "lower": (opened, said | {"level": 0}), "confirm": (settled, {}),
        "refuse": (settled, {"note": "尚有争议"}),
    }  # fmt: skip
    return {
        f"label:do {verb}": Case("label:do", {"stream": "policy", "object_id": key, "verb": verb}, words)
        for verb, (key, words) in verbs.items()
    }


def answers(office: Office) -> dict[str, Case]:
    """Yes and no to a request for sight, also to one in an emergency."""
    asked, sight = office.things["sight_request"], office.things["glass"]
    answers = {"open": {"note": "同意"}, "refuse": {"note": "请走正常申请"}, "end": {},
               "review": {"justified": "yes", "finding": "确为处置险情"}}  # fmt: skip
    emergency = {
        f"glass:decide {verb}": Case("glass:decide", {"sight_id": sight, "verb": verb}, words)
        for verb, words in answers.items()
    }
    return (
        emergency
        | _labelling(office)
        | {
            f"watch:decide {verb}": Case(
                "watch:decide", {"request_id": asked, "verb": verb}, {"note": "只限本次核对"}
            )
            for verb in ("grant", "deny")
        }
    )
