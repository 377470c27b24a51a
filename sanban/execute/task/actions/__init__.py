"""The verbs of a task. Each checks right and state, works out every column, and writes one event."""

from sanban.execute.task.actions.assigning import assign_many, break_down, set_partners
from sanban.execute.task.actions.deciding import (
    close_out,
    decide_extension,
    pause,
    reopen,
    resume,
    verify,
    withdraw,
)
from sanban.execute.task.actions.naming import name_member, remove_member
from sanban.execute.task.actions.working import (
    acknowledge,
    ask_extension,
    conclude,
    forward,
    report,
    send_back,
    set_owner,
)

__all__ = [
    "acknowledge",
    "ask_extension",
    "assign_many",
    "break_down",
    "close_out",
    "conclude",
    "decide_extension",
    "forward",
    "name_member",
    "pause",
    "remove_member",
    "reopen",
    "report",
    "resume",
    "send_back",
    "set_owner",
    "set_partners",
    "verify",
    "withdraw",
]
