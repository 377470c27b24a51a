"""One sealed head a day leaves the house, by file or by a call; a failure is kept and tried again."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from sanban.base import clock
from sanban.base.ledger.models import LedgerCheckpoint, LedgerWitness
from sanban.base.ledger.tests import units
from sanban.base.ledger.tests.sealed import Watch
from sanban.base.ledger.tlog import anchoring, sealing

pytestmark = pytest.mark.django_db


@pytest.fixture
def watch(settings, tmp_path):
    made = Watch(tmp_path, settings)
    units.make_unit("water")
    made.seal()
    return made


def _anchored():
    return LedgerCheckpoint.objects.filter(anchored_at__isnull=False)


def test_nothing_leaves_unless_a_place_is_named(watch, settings):
    settings.SANBAN_ANCHOR = ""
    assert anchoring.anchor() == 0 and not _anchored().exists()


def test_a_file_a_day_holds_the_sealed_head(watch, settings, tmp_path):
    settings.SANBAN_ANCHOR = f"file://{tmp_path / 'out'}"
    assert anchoring.anchor() == 1 and anchoring.anchor() == 0
    (left,) = (tmp_path / "out").iterdir()
    assert left.name == f"ledger-{clock.today():%Y%m%d}-1.txt"
    assert left.read_text() == sealing.sealed_note("ledger", "sha256")
    with clock.freeze(clock.now() + timedelta(days=1)):
        assert anchoring.anchor() == 1


def test_what_is_not_sealed_is_not_anchored(settings, tmp_path):
    Watch(tmp_path, settings)
    settings.SANBAN_ANCHOR = f"file://{tmp_path / 'out'}"
    units.make_unit("water")
    assert anchoring.anchor() == 0 and not (tmp_path / "out").exists()


class _Chain(BaseHTTPRequestHandler):
    status = 200
    got: list[str] = []

    def do_POST(self):
        self.got.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b"block 77")

    def log_message(self, *args):
        pass


def test_the_receipt_of_a_call_is_kept_and_a_refusal_tried_again(watch, settings):
    server = HTTPServer(("127.0.0.1", 0), _Chain)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SANBAN_ANCHOR = f"http://127.0.0.1:{server.server_address[1]}/anchor"
    try:
        _Chain.status = 503
        assert anchoring.anchor() == 0
        assert LedgerWitness.objects.get(name="anchor").fault == "Refusal: 503: block 77"
        _Chain.status = 200
        assert anchoring.anchor() == 1 and anchoring.anchor() == 0
    finally:
        server.shutdown()
        server.server_close()
    row = _anchored().get()
    assert (row.log, row.size, row.receipt) == ("ledger", 1, "block 77")
    assert LedgerWitness.objects.get(name="anchor").fault == ""
    assert _Chain.got == [sealing.sealed_note("ledger", "sha256")] * 2
    settings.SANBAN_ANCHOR = "http://127.0.0.1:9/"
    with clock.freeze(clock.now() + timedelta(days=1)):
        assert anchoring.anchor() == 0
    assert LedgerWitness.objects.get(name="anchor").fault.startswith("ConnectionRefused")
