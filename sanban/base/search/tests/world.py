"""A small world to find things in: three units, four people, five tasks, two policies, each at a minute of its own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.people import actions as people
from sanban.base.people.drafts import PersonDraft, UnitDraft
from sanban.base.people.queries import actors_by_login
from sanban.decide.policy import actions as policies
from sanban.execute.task import actions as tasks
from sanban.execute.task.drafts import TaskDraft

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
UNITS = {"general": "综合办公室", "water": "清江省水利厅", "roads": "清江省交通运输厅"}
CAST = {
    "dispatcher": ("李建勋", "general", "dispatcher", 2),
    "plain": ("王小平", "general", "dispatcher", 1),
    "water": ("梅乐山", "water", "liaison", 1),
    "roads": ("张延年", "roads", "liaison", 1),
}
TASKS = (
    ("推进营商环境优化提升", "water", "压减审批环节，推行一网通办。", 1),
    ("整治重庆路内涝点", "roads", "改造 12 座泵站，推进排水管网更新。", 1),
    ("核查小型水库安全巡查记录", "water", "逐库核对营商台账。", 1),
    ("开展营商环境评价", "roads", "环境评价按季度进行。", 1),
    ("推进保密营商事项", "water", "环境", 2),
)
POLICIES = (
    ("关于做好防汛工作的通知", "清政办发〔2026〕7号", "各厅局：\n加强防汛值守，推进泵站改造。"),
    ("优化营商环境若干措施", "清政发〔2025〕14号", "一、优化审批流程。"),
)


@dataclass(frozen=True)
class World:
    """Ids of units by code, actors by login, task ids and policy ids in their order."""

    units: dict[str, int]
    actors: dict[str, Actor]
    tasks: list[int]
    policies: list[int]


def settle() -> World:
    """Everything by the real acts."""
    with clock.freeze(MONDAY):
        drafts = [
            UnitDraft(code=code, name=name, short=name.removeprefix("清江省"), kind="department")
            for code, name in UNITS.items()
        ]
        units = dict(zip(UNITS, people.create_units(SYSTEM, units=drafts), strict=True))
        people.create_people(
            SYSTEM,
            people=[
                PersonDraft(
                    login=login, name=name, unit_id=units[unit], roles=(role,), post="处长", clearance=level
                )
                for login, (name, unit, role, level) in CAST.items()
            ],
        )
    actors = actors_by_login(actor=SYSTEM)
    made, kept = [], []
    for n, (title, lead, detail, level) in enumerate(TASKS, 1):
        with clock.freeze(MONDAY + timedelta(minutes=n)):
            draft = TaskDraft(title=title, lead_id=units[lead], due_at=DUE, detail=detail, level=level)
            made += tasks.assign_many(actors["dispatcher"], drafts=[draft])
    for n, (title, number, text) in enumerate(POLICIES, 1):
        with clock.freeze(MONDAY + timedelta(hours=n)):
            kept.append(
                policies.register(actor=actors["dispatcher"], title=title, doc_number=number, text=text)
            )
    return World(units, actors, made, kept)
