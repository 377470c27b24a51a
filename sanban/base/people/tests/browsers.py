"""Browsers in tests."""

from typing import Any

from django.db.models import Q
from django.test import Client

from sanban.base.access.actor import Actor
from sanban.base.people.models import Person


def signed_in(who: Person | Actor | str, **options: Any) -> Client:
    """A browser in which this person, by login or as the one who acts, has signed in."""
    if isinstance(who, Person):
        person = who
    else:
        person = Person.objects.get(Q(login=who) if isinstance(who, str) else Q(pk=who.person_id))
    client = Client(**options)
    client.force_login(person, backend="sanban.base.people.backends.DoorBackend")
    return client
