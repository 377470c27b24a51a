"""Django's PostgreSQL that says, in each transaction and before the first statement, who asks.

Nothing is set for a session: `set_config(…, true)` ends with the transaction, so connections may be shared by a pooler
that hands them out transaction by transaction. Statements outside any transaction get one: the reads of a request
share it until something is written or the request ends; any other statement has one of its own.
"""

import re
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError
from django.db.backends.postgresql import base

from sanban.base.ledger.standing import NOBODY, Standing, current, in_request

SETTINGS: Final = (
    "system", "ref", "person_id", "clearance", "unit_ids", "stands_for", "roles", "grants", "denials",
    "members", "purposes",
)  # fmt: skip
"""All that is ever told; what a standing leaves out is told as empty, so that nothing of the last asker stays."""
_READS: Final = re.compile(r"\s*\(*\s*(select|with)\b", re.IGNORECASE)
_MARKS: Final = re.compile(r"\s*(begin|commit|rollback|savepoint|release|set)\b", re.IGNORECASE)
"""What marks out a transaction asks for nothing, and must pass even where it has failed, or as its very first word."""
_WRITES: Final = re.compile(r"\s*(insert|update|delete|merge)\b", re.IGNORECASE)
_SAY: Final = "SELECT set_config('jit', 'off', true), " + ", ".join(
    f"set_config('sanban.{name}', %s, true)" for name in SETTINGS
)
"""Row security makes a plan look dear, and compiling it costs more than it saves: 430 ms or 55 ms for a count over
100,000 tasks."""
Execute = Callable[[Any, Any, bool, Any], Any]


class DatabaseWrapper(base.DatabaseWrapper):
    """One connection: what it was told in its present transaction, and whether that is one of reads only."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._told: Standing | None = NOBODY
        self._reading = False
        self.execute_wrappers.append(self._in_somebodys_name)

    def _in_somebodys_name(self, execute: Execute, sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Run one statement in the name of who asks now."""
        standing, text = current(), sql if isinstance(sql, str) else str(sql)
        if self.in_atomic_block or not self.get_autocommit():
            if self._told != standing and not self.needs_rollback and not _MARKS.match(text):
                self._tell(standing)
            return execute(sql, params, many, context)
        if standing is NOBODY or not (_READS.match(text) or _WRITES.match(text)):
            self.end_reading()
            return execute(sql, params, many, context)
        if in_request() and _READS.match(text):
            return self._read(standing, execute, sql, params, many, context)
        self.end_reading()
        return self._alone(standing, execute, sql, params, many, context)

    def _read(self, standing: Standing, execute: Execute, *statement: Any) -> Any:
        """One of the reads that share a transaction."""
        if not self._reading:
            self._begin(standing)
            self._reading = True
        elif self._told != standing:
            self._tell(standing)
        try:
            return execute(*statement)
        except BaseException:
            self.end_reading("ROLLBACK")
            raise

    def _alone(self, standing: Standing, execute: Execute, *statement: Any) -> Any:
        """One statement in a transaction of its own."""
        self._begin(standing)
        try:
            answer = execute(*statement)
        except BaseException:
            self._told = NOBODY
            self._leave("ROLLBACK")
            raise
        self._say("COMMIT")
        self._told = NOBODY
        return answer

    def end_reading(self, how: str = "COMMIT") -> None:
        """End the transaction of reads, if one is under way."""
        if not self._reading:
            return
        self._reading, self._told = False, NOBODY
        self._leave(how)

    def _leave(self, how: str) -> None:
        """End a transaction in which nothing was written. A connection that cannot even do that is given up."""
        if self.connection is None or self.connection.closed:
            return
        try:
            self._say(how)
        except DatabaseError:
            self.close()

    def _begin(self, standing: Standing) -> None:
        self._told = standing
        self._say(f"BEGIN; {_SAY}", _values(standing))

    def _tell(self, standing: Standing) -> None:
        self._told = standing
        self._say(_SAY, _values(standing))

    def _say(self, sql: str, values: list[str] | None = None) -> None:
        with self.wrap_database_errors:
            self.connection.cursor().execute(sql, values)

    def _set_autocommit(self, autocommit: bool) -> None:
        self.end_reading()
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        self._told = NOBODY

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._told = NOBODY
        return done

    def _rollback(self) -> Any:
        done = super()._rollback()  # type: ignore[misc]
        self._told = NOBODY
        return done

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self._told = None  # what was told after the savepoint is forgotten with it

    def close(self) -> None:
        self._reading, self._told = False, NOBODY  # what was only read ends with the connection
        super().close()

    def close_if_unusable_or_obsolete(self) -> None:
        """Django calls this before and after every request, and our processes between two looks."""
        self.end_reading()
        super().close_if_unusable_or_obsolete()


def _values(standing: Standing) -> list[str]:
    told = dict(standing.settings)
    return [told.get(name, "") for name in SETTINGS]
