"""A prepared read gives the rows that Django's own query gives, whatever is bound to it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from sanban.base import clock
from sanban.base.ledger.models import LedgerContent, LedgerEvent
from sanban.base.ledger.prepared import Prepared, PreparedMany
from sanban.base.people.models import Person, RoleGrant, Unit
from sanban.execute.task.tests.office import Office, open_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return open_office()


def told(rows: list[Any]) -> list[dict[str, Any]]:
    return [{name: value for name, value in vars(row).items() if name != "_state"} for row in rows]


def test_objects_come_with_what_they_are_joined_to(office: Office) -> None:
    read = Prepared(
        lambda slot: (
            Unit.objects.select_related("parent").filter(path__startswith=slot("stem")).order_by("pk")
        )
    )
    for stem in ("", Unit.objects.order_by("-pk")[0].path, "nowhere"):
        plain = list(Unit.objects.select_related("parent").filter(path__startswith=stem).order_by("pk"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = read(stem=stem)
            assert [row.parent and row.parent.name for row in found] == [
                row.parent and row.parent.name for row in plain
            ]
        assert len(asked) == 1
        assert told(found) == told(plain)


def test_instants_uuids_and_bytes_are_bound_and_read_as_django_does(office: Office) -> None:
    since = Prepared(lambda slot: RoleGrant.objects.filter(since__lte=slot("now")).order_by("pk"))
    for now in (clock.now(), clock.now() - timedelta(days=4000)):
        assert told(since(now=now)) == told(list(RoleGrant.objects.filter(since__lte=now).order_by("pk")))
    ids = list(LedgerEvent.objects.order_by("id").values_list("id", flat=True)[:5])
    names = ("event_id", "event__kind", "body")
    found = PreparedMany(
        lambda keys, slot: LedgerContent.objects.filter(event__id__in=keys).values_list(*names)
    )
    plain = LedgerContent.objects.filter(event_id__in=ids).values_list(*names)
    assert ids
    assert sorted((a, b, bytes(c)) for a, b, c in found(ids)) == sorted((a, b, bytes(c)) for a, b, c in plain)


def test_a_list_of_any_length_asks_once_and_none_asks_nothing(office: Office) -> None:
    people = PreparedMany(lambda refs, slot: Person.objects.filter(ref__in=refs).values_list("ref"))
    refs = [row[0] for row in Person.objects.order_by("pk").values_list("ref")]
    for length in range(len(refs) + 1):
        with CaptureQueriesContext(connection) as asked:
            assert sorted(people(refs[:length])) == sorted((ref,) for ref in refs[:length])
        assert len(asked) == (1 if length else 0)


def test_counts_and_the_first_of_none(office: Office) -> None:
    heads = Prepared(
        lambda slot: (
            Person.objects.filter(is_active=slot("active"))
            .order_by()
            .values_list("unit_id")
            .annotate(Count("pk"))
        )
    )
    plain = Person.objects.filter(is_active=True).order_by().values_list("unit_id").annotate(Count("pk"))
    assert sorted(heads(active=True)) == sorted(plain)
    assert heads.first(active=False) is None


def test_a_read_that_can_find_nothing_asks_nothing(office: Office) -> None:
    read = Prepared(lambda slot: Person.objects.filter(pk__in=[]))
    with CaptureQueriesContext(connection) as asked:
        assert read() == []
    assert len(asked) == 0
