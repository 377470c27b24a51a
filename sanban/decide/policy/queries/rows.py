"""Policies and measures as plain rows for programs."""

from typing import Any

from sanban.base.access.actor import Actor
from sanban.base.access.cursors import page_by_id
from sanban.base.people.queries import unit_names
from sanban.decide.policy import queries
from sanban.decide.policy.models import Measure


def policy_page(
    *, actor: Actor, words: str, state: str, unit_id: int | None, year: int | None, after: str, limit: int
) -> tuple[list[dict[str, Any]], str]:
    """One page of the visible policies, the latest registered first."""
    found = queries.policies(actor=actor, words=words, state=state, unit_id=unit_id, year=year)
    rows, following = page_by_id(found, after=after, limit=limit)
    return [_policy_row(row) for row in rows], following


def _policy_row(row: Any) -> dict[str, Any]:
    """A policy without its text, with the numbers of its measures by state."""
    return {
        "id": row.pk, "version": row.version, "title": row.title, "doc_number": row.doc_number, "organ": row.organ,
        "issued_on": row.issued_on, "level": row.level, "state": row.state, "file_id": row.file_id,
        "file_no": row.file_no, "unit": {"id": row.unit_id, "name": row.unit.short},
        "registered_at": row.registered_at, "proposed": row.n_open, "confirmed": row.n_confirmed,
        "dispatched": row.n_dispatched,
    }  # fmt: skip


def policy_one(*, actor: Actor, policy_id: int) -> dict[str, Any] | None:
    """One visible policy with its text. One query."""
    found = queries.policies(actor=actor).defer(None).filter(pk=policy_id).first()
    return _policy_row(found) | {"text": found.text} if found else None


def measure_page(
    *, actor: Actor, policy_id: int, state: str, after: str, limit: int
) -> tuple[list[dict[str, Any]], str]:
    """One page of the measures of a visible policy in the order they were written down."""
    found = Measure.objects.filter(policy_id=policy_id, policy__in=queries.visible(actor=actor))
    if state:
        found = found.filter(state=state)
    rows, following = page_by_id(found, after=after, limit=limit, newest=False)
    names = unit_names(actor=actor)
    return [_measure_row(row, names) for row in rows], following


def measure_one(*, actor: Actor, measure_id: int) -> dict[str, Any] | None:
    """One measure, if its policy may be seen."""
    found = Measure.objects.filter(pk=measure_id, policy__in=queries.visible(actor=actor)).first()
    return _measure_row(found, unit_names(actor=actor)) if found else None


def _measure_row(row: Measure, names: dict[int, str]) -> dict[str, Any]:
    """A measure with the names of its units and what was read, each with its place in the text."""
    return {
        "id": row.pk, "version": row.version, "policy_id": row.policy_id, "order": row.order, "path": row.path,
        "title": row.title, "text": row.text, "start": row.start, "end": row.end, "state": row.state,
        "lead": {"id": row.lead_id, "name": names.get(row.lead_id, "")} if row.lead_id else None,
        "partners": [{"id": key, "name": names.get(key, "")} for key in row.partners],
        "due_on": row.due_on, "acceptance": row.acceptance, "targets": row.targets, "facts": row.facts,
        "origin": row.origin, "reason": row.reason, "task_id": row.task_id,
    }  # fmt: skip
