"""Who a session belongs to: django-allauth's way in, with the person and his unit in one prepared read."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from sanban.base.ledger.prepared import Prepared
from sanban.base.people.models import Person

_PERSON = Prepared(lambda slot: Person.objects.select_related("unit").filter(pk=slot("key"), is_active=True))


class DoorBackend(AuthenticationBackend):  # type: ignore[misc]
    """As django-allauth's; a person who has left is nobody."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session."""
        return _PERSON.first(key=int(user_id))
