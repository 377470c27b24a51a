"""Sessions in the database, looked up by a prepared read: every request begins with one."""

from typing import Any, Final

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models.functions import Now

from sanban.base.ledger.prepared import Prepared
from sanban.base.vault.columns import Spot, is_token, seal, unseal
from sanban.base.vault.provider import SECRET, Locked

_MESSAGES: Final = "_messages"
_SPOT: Final = Spot(f"{SECRET}/session/0", Session._meta.db_table, "")
_SESSION = Prepared(lambda slot: Session.objects.filter(session_key=slot("key"), expire_date__gt=Now()))


class SessionStore(db.SessionStore):
    """As Django's own; a session ends by the clock of the database. One that holds words for the next page, too many
    for a cookie, lies sealed: they may speak of a secret."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """As text, for the table."""
        said: str = super().encode(session_dict)
        if _MESSAGES not in session_dict:
            return said
        try:
            return seal(said, _SPOT, "session_data")
        except Locked:
            return said

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The values again."""
        said = session_data if isinstance(session_data, str) else session_data.decode()
        if is_token(said):
            said = unseal(said, _SPOT.table, "session_data")
        found: dict[str, Any] = super().decode(said)
        return found

    def _get_session_from_db(self) -> Any:
        """The row of this session while it lasts; an unknown or ended key is forgotten."""
        row = _SESSION.first(key=self.session_key) if self.session_key else None
        if row is None:
            self._session_key = None
        return row
