"""Where the read log lies: on SQLite in a file of its own, so that reading never waits for the writing of acts."""

from typing import Any, Final

from django.conf import settings
from django.db.models import Model

READ_LOG: Final = frozenset({"accessrecord", "readcount", "readbatch", "readwriter"})
"""Models of this room that lie there, as Django names them."""


def read_log_db() -> str:
    """The alias of the database that holds the read log; on PostgreSQL the one there is."""
    return "readings" if "readings" in settings.DATABASES else "default"


class ReadLogRouter:
    """Sends the read log's tables to their file and keeps everything else out of it."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        """The alias for a query."""
        return read_log_db() if _mine(model._meta.app_label, model._meta.model_name) else None

    def db_for_write(self, model: type[Model], **_hints: Any) -> str | None:
        """The alias for a change."""
        return self.db_for_read(model)

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **_hints: Any
    ) -> bool | None:
        """Each table stands in one database."""
        if _mine(app_label, model_name):
            return db == read_log_db()
        return False if db == "readings" else None


def _mine(app_label: str, model_name: str | None) -> bool:
    return app_label == "access" and model_name in READ_LOG
