"""The logs for whoever keeps a mirror: C2SP tlog-tiles over HTTP, without signing in, for the leaves are blind."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from sanban.base.ledger.standing import MACHINE, standing_as
from sanban.base.ledger.tlog import mirroring
from sanban.base.ledger.tlog.merkle import SUITES
from sanban.base.ledger.tlog.suites import LOGS

FOR_EVER = "public, max-age=31536000, immutable"
FOR_NOW = "no-store"


@require_GET
def checkpoint(request: HttpRequest, log: str, suite: str) -> HttpResponse:
    """The newest signed head of a tree as a signed note."""
    _require(log, suite)
    with standing_as(MACHINE):
        note = mirroring.checkpoint(log, suite)
    if note is None:
        raise Http404
    answer = HttpResponse(note, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = FOR_NOW
    return answer


@require_GET
def tile(request: HttpRequest, log: str, suite: str, path: str) -> HttpResponse:
    """A tile of hashes, or of the leaves themselves; a full one may be kept for ever."""
    _require(log, suite)
    place = mirroring.place_of(path)
    if place is None:
        raise Http404
    with standing_as(MACHINE):
        body = mirroring.tile(log, suite, place)
    if body is None:
        raise Http404
    answer = HttpResponse(body, content_type="application/octet-stream")
    answer["Cache-Control"] = FOR_EVER if place.whole else FOR_NOW
    return answer


def _require(log: str, suite: str) -> None:
    if log not in LOGS or suite not in SUITES:
        raise Http404
