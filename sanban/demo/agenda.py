"""What happens next in the simulated office: acts in order of time, on the working calendar."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sanban.base.calendar.axis import Axis

Step = Callable[[datetime], None]


class Agenda:
    """Acts to come. Each runs at its instant; an act may plan others."""

    def __init__(self, axis: Axis, end: datetime) -> None:
        self.axis = axis
        self.end = end
        self._heap: list[tuple[datetime, int, Step]] = []
        self._count = 0

    def at(self, instant: datetime, step: Step) -> None:
        """Plan a step; what lies after the end of the history never happens."""
        if instant < self.end:
            heapq.heappush(self._heap, (instant, self._count, step))
            self._count += 1

    def after(self, instant: datetime, hours: float, step: Step) -> None:
        """Plan a step so many working hours later."""
        self.at(self.axis.add(instant, round(hours * 60)) + timedelta(seconds=self._count % 50), step)

    def run(self) -> Iterator[datetime]:
        """Run everything in order, giving the instant of each step."""
        while self._heap:
            instant, _, step = heapq.heappop(self._heap)
            yield instant
            step(instant)
