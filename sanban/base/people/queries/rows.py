"""The directory for programs: people in the order of their registration, by keyset."""

from typing import Any

from django.db.models import Q

from sanban.base.access.actor import Actor
from sanban.base.access.cursors import page_by_id
from sanban.base.people.models import Person


def people_rows(
    *, actor: Actor, text: str, unit_id: int | None, after: str, limit: int
) -> tuple[list[dict[str, Any]], str]:
    """Active people whose name, post or unit holds the text: who they are and where they sit, nothing private."""
    found = Person.objects.filter(is_active=True)
    if words := text.strip():
        found = found.filter(
            Q(name__contains=words) | Q(post__contains=words) | Q(unit__name__contains=words)
        )
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    people, following = page_by_id(found, after=after, limit=limit, newest=False)
    return [
        {
            "id": row.pk,
            "name": row.name,
            "post": row.post,
            "unit": {"id": row.unit_id, "name": row.unit.short},
        }
        for row in people
    ], following
