"""What this process has recorded and not yet written."""

import threading
from collections import deque
from datetime import UTC, datetime
from typing import Final

from sanban.base.access.readlog.rows import Counts, Row


class Waiting:
    """Rows and counts that wait, and the thread that writes them."""

    def __init__(self) -> None:
        self.rows: deque[Row] = deque()
        self.counts: Counts = {}
        self.lost_since: datetime | None = None
        self.lock = threading.Lock()
        self.came = threading.Event()
        self.thread: threading.Thread | None = None
        self.stopping = False
        self.writer = 0
        self.told = datetime.min.replace(tzinfo=UTC)

    def take(self) -> tuple[list[Row], Counts, datetime | None]:
        """Everything that waits; nothing waits after it."""
        with self.lock:
            taken = (list(self.rows), self.counts, self.lost_since)
            self.rows, self.counts, self.lost_since = deque(), {}, None
        return taken


WAITING: Final = Waiting()
