"""Pages of the watch."""

from sanban.base.watch.views.interception import case, cases, lift_bait, rules_page, set_bait, step_up
from sanban.base.watch.views.sight import ask, decide, refusals, request_page, requests, seen

__all__ = [
    "ask",
    "case",
    "cases",
    "decide",
    "lift_bait",
    "refusals",
    "request_page",
    "requests",
    "rules_page",
    "seen",
    "set_bait",
    "step_up",
]
