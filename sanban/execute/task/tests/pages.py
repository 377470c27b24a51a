"""Pages in tests: a signed-in browser for one of the cast, and sheets made by hand."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.test import Client
from openpyxl import Workbook

from sanban.base.access.actor import Actor
from sanban.base.people.models import Person

HEADS = ("序号", "事项名称", "牵头单位", "配合单位", "完成时限", "责任人")


def signed_in(actor: Actor) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(Person.objects.get(pk=actor.person_id))
    return client


def sheet(rows: Iterable[Sequence[Any]], heads: Sequence[str] = HEADS) -> bytes:
    """A workbook of these rows under these heads."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
