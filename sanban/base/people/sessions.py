"""Sessions in the database, looked up by a prepared read: every request begins with one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from sanban.base.ledger.prepared import Prepared

_SESSION = Prepared(lambda slot: Session.objects.filter(session_key=slot("key"), expire_date__gt=Now()))


class SessionStore(db.SessionStore):
    """As Django's own; a session ends by the clock of the database."""

    def _get_session_from_db(self) -> Any:
        """The row of this session while it lasts; an unknown or ended key is forgotten."""
        row = _SESSION.first(key=self.session_key) if self.session_key else None
        if row is None:
            self._session_key = None
        return row
