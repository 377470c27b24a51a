"""The rules of interception, held against what was just read or refused."""

import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import INTERNAL, SECRET, SYSTEM, Actor
from sanban.base.access.readlog.rows import Row
from sanban.base.watch import actions, queries
from sanban.base.watch.numbers import AFTER_DEPUTY, BAIT, BULK, REFUSALS, Numbers

LOOK_AGAIN_S: Final = 60.0
"""Other processes write as well: after so long a reader's hour is summed anew, however little he read here."""
_known: dict[str, tuple[float, dict[int, int]]] = {}
"""When a reader's hour was summed last, and the sum since then, never below the truth as far as this process knows."""
_BULKY = ("list", "search", "export", "api", "feed", "download")


def look_at(rows: Sequence[Row]) -> None:
    """Hold rows that were just written against the rules: baits, quotas, and stand-ins that have ended."""
    read = [
        row for row in rows if row.person_id is not None and row.stream not in ("readers", "sight_request")
    ]
    if not read:
        return
    _baits(read)
    numbers = queries.numbers_in_force(actor=SYSTEM)
    _quotas([row for row in read if row.how in _BULKY], numbers)
    _former_deputies(read, numbers)


def _baits(rows: Iterable[Row]) -> None:
    """Whoever opened bait, on a page, at the API or as a download."""
    opened = {(row.stream, row.object_id): row for row in rows if row.object_id is not None}
    for bait in queries.baits(actor=SYSTEM):
        if (row := opened.get((bait.stream, bait.object_id))) is not None:
            _open(row.person_id, BAIT, _("打开了诱饵文件。"), row.stream, row.object_id)


def _quotas(rows: Sequence[Row], numbers: Numbers) -> None:
    """More different items within an hour than a level allows, over all that was listed, exported or downloaded."""
    since = clock.now() - timedelta(hours=1)
    limits = {SECRET: numbers.quota_secret, INTERNAL: numbers.quota_internal}
    added: dict[tuple[str, int], dict[int, int]] = {}
    for row in rows:
        sums = added.setdefault((row.actor_ref, row.person_id or 0), dict.fromkeys(limits, 0))
        if row.level in sums:
            sums[row.level] += row.count
    for (ref, person_id), sums in added.items():
        if _far_below(ref, sums, limits):
            continue
        found = queries.read_in_bulk(actor=SYSTEM, ref=ref, since=since, ways=_BULKY, most=limits)
        _known[ref] = (time.monotonic(), dict(found))
        for level, most in limits.items():
            if found[level] > most:
                said = _("一小时内批量查阅 %(n)d 件，超过限额 %(most)d 件。") % {
                    "n": found[level],
                    "most": most,
                }
                _open(person_id, BULK, said)
                break


def _far_below(ref: str, added: dict[int, int], limits: dict[int, int]) -> bool:
    """Whether what this process knows of a reader's hour, with this, cannot be above a limit: then nothing is asked."""
    at, sums = _known.get(ref, (0.0, {}))
    if not sums or time.monotonic() - at > LOOK_AGAIN_S:
        return False
    for level, count in added.items():
        sums[level] = sums.get(level, 0) + count
    return all(sums[level] <= most for level, most in limits.items())


def _former_deputies(rows: Iterable[Row], numbers: Numbers) -> None:
    """The first object of the absent one's unit that a former stand-in opens, where he has no business of his own."""
    opened = [row for row in rows if row.object_id is not None]
    people = {row.person_id for row in opened if row.person_id is not None}
    since = clock.now() - timedelta(days=numbers.after_deputy_days)
    for person_id, units in queries.ended_stand_ins(actor=SYSTEM, person_ids=people, since=since).items():
        for row in opened:
            if row.person_id != person_id or row.object_id is None:
                continue
            subject = queries.subject_of(actor=SYSTEM, stream=row.stream, object_id=row.object_id)
            if subject is not None and units.intersection(subject.owner_units):
                _open(
                    person_id, AFTER_DEPUTY, _("代理结束后查阅原代理单位的内容。"), row.stream, row.object_id
                )
                break


def look_at_refusals(actor: Actor) -> None:
    """So many refusals in so many minutes."""
    numbers = queries.numbers_in_force(actor=SYSTEM)
    since = clock.now() - timedelta(minutes=numbers.refusal_minutes)
    count = queries.refused_since(actor=SYSTEM, ref=actor.ref, since=since)
    if count >= numbers.refusals:
        said = _("%(m)d 分钟内被拒绝 %(n)d 次。") % {"m": numbers.refusal_minutes, "n": count}
        _open(actor.person_id, REFUSALS, said)


def _open(
    person_id: int | None, rule: str, words: str, stream: str = "", object_id: int | None = None
) -> None:
    if person_id is None or queries.was_judged(actor=SYSTEM, person_id=person_id, rule=rule):
        return
    actions.open_case(SYSTEM, rule=rule, person_id=person_id, words=words, stream=stream, object_id=object_id)
