"""Planned episodes of the demo province: who acts, and how many working days before the end of the history."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.calendar.axis import DAY_MINUTES
from sanban.base.people.queries import actor_of, person_by_login
from sanban.demo.agenda import Agenda, Step
from sanban.demo.life import acting
from sanban.demo.settle import Province


class Scene:
    """Steps by the persons who would take them, put on the agenda."""

    def __init__(self, agenda: Agenda, province: Province) -> None:
        self.agenda, self.province = agenda, province

    def actor(self, login: str) -> Actor:
        """Who that person is at this instant, with what he may see for a time."""
        person = person_by_login(actor=SYSTEM, login=login)
        return actor_of(person=person) if person else self.province.actors[login]

    def at(self, days_ago: float, act: Callable[[], object]) -> None:
        """Plan a step so many working days before the end."""
        instant = self.agenda.axis.add(self.agenda.end, round(-days_ago * DAY_MINUTES)) + timedelta(seconds=7)
        self.agenda.at(instant, _step(act))


def _step(act: Callable[[], object]) -> Step:
    def step(now: datetime) -> None:
        with acting(now):
            act()

    return step
