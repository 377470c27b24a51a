"""Whether the three roles of PostgreSQL are apart and stand before the second wall, for check-ups."""

from typing import Final

from django.conf import settings
from django.db import connection

from sanban.base.access import wall

OWNER: Final = "owner"
WEB: Final = "web"
SEQUENCER: Final = "sequencer"


def faults() -> list[str]:
    """What keeps the roles from being apart, in words; nothing when all is well, and on SQLite, which has none."""
    if connection.vendor != "postgresql":
        return []
    owner, web, sequencer = (settings.SANBAN_ROLES.get(key, "") for key in (OWNER, WEB, SEQUENCER))
    found = []
    if len({owner, web, sequencer}) < 3:
        found.append("属主、网站、日志三个角色没有分开，请设 DATABASE_URL_OWNER 和 DATABASE_URL_SEQUENCER")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND (rolsuper OR rolbypassrls)",
            [[owner, web, sequencer]],
        )
        found += [
            f"角色 {name} 可绕过行级安全，请取消 SUPERUSER 和 BYPASSRLS" for (name,) in cursor.fetchall()
        ]
    if lacking := wall.missing():
        found.append(f"这些表没有行级安全：{'、'.join(lacking)}，请运行 sanban migrate")
    return found
