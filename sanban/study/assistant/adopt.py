"""Taking a file in as a policy: read it, register it, and write down what was read, in one act."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.files.queries import get_text, get_version
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.people import queries as people
from sanban.decide.policy import actions, queries
from sanban.decide.policy.actions import MeasureDraft
from sanban.study.assistant.proposals import Names, day_of, draft_of, drafts_of
from sanban.study.assistant.reading import read_document


def names_for(actor: Actor) -> Names:
    """The register of units and classes of units, as they are now."""
    return Names(people.register(actor=actor), people.classes(actor=actor))


@act
def adopt_file(actor: Actor, *, file_id: int, level: int) -> int:
    """Register the policy that an uploaded file holds, and propose its measures (§3.4). Returns the policy's id."""
    version = get_version(actor=actor, file_id=file_id)
    text = get_text(actor=actor, file_id=file_id).text
    return adopt_text(
        actor=actor, text=text, name=version.name, level=level, file_id=file_id, file_no=version.no
    )


@act
def adopt_text(
    actor: Actor, *, text: str, name: str, level: int, file_id: int | None = None, file_no: int = 1
) -> int:
    """Register a policy of this text, and propose its measures; `name` stands in where the text has no title."""
    names = names_for(actor)
    reading = read_document(text, doc=name, known_units=names.known())
    meta = reading.meta
    policy_id = actions.register(
        actor=actor,
        title=meta.title or name,
        text=text,
        doc_number=meta.number,
        organ=meta.organ,
        issued_on=day_of(meta.date),
        level=level,
        file_id=file_id,
        file_no=file_no,
    )
    drafts = drafts_of(reading, text, names)
    if drafts:
        actions.propose_measures(actor=actor, policy_id=policy_id, drafts=drafts)
    return policy_id


@act
def add_selected(actor: Actor, *, policy_id: int, quote: str, near: int = 0) -> int:
    """Add the measure whose words a person marked; leads and dates are read from the same words."""
    policy = queries.get_policy(actor=actor, policy_id=policy_id)
    span = locate(policy.text, quote, near)
    if span is None:
        raise Refused(_("正文中找不到这段文字，请在左侧正文中重新选择。"), field="quote")
    start, end = span
    names = names_for(actor)
    piece = policy.text[start:end]
    reading = read_document(piece, known_units=names.known())
    draft = MeasureDraft(start=start, end=end, title="")
    if reading.measures:
        read = draft_of(reading.measures[0], policy.text, names, policy.issued_on, offset=start)
        draft = replace(read, start=start, end=end, path="")
    return actions.add_measure(actor=actor, policy_id=policy_id, draft=draft)


def locate(text: str, quote: str, near: int = 0) -> tuple[int, int] | None:
    """Where the quoted words stand in the text, blanks apart; of several places the one nearest to `near`."""
    letters = [char for char in quote if not char.isspace()]
    if not letters or len(letters) > 5000:
        return None
    pattern = re.compile(r"\s*".join(map(re.escape, letters)))
    found = [match.span() for match in pattern.finditer(text)]
    return min(found, key=lambda span: abs(span[0] - near), default=None)
