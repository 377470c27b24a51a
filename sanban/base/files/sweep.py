"""The scanner's round: every held version is shown to ClamAV; what it says becomes an event.

The clock process calls `sweep`; a page calls `scan_file` after an upload. Address: settings.SANBAN_CLAMAV
(`unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`); empty means none is configured, and files stay held.
"""

from django.conf import settings

from sanban.base.access.actor import SYSTEM
from sanban.base.files import actions, queries
from sanban.base.files.models import FileVersion
from sanban.base.files.scan import ScanResult, scan
from sanban.base.ledger.errors import Refused


def address() -> str:
    """Where the scanner listens; empty when none is configured."""
    return str(getattr(settings, "SANBAN_CLAMAV", "") or "")


def sweep(limit: int = 500) -> int:
    """Scan held versions, the longest waiting first; a scanner that is not there ends the round.

    Returns how many were decided. A file the scanner cannot judge (too large for it) stays held and is passed over.
    """
    decided = 0
    if not address():
        return decided
    for version in queries.held_versions(actor=SYSTEM, limit=limit):
        result = _scan(version)
        if not result.answered:
            break
        decided += result.state != "unavailable"
    return decided


def scan_file(file_id: int) -> ScanResult:
    """Scan the current version of a file now, if a scanner is there; otherwise it stays held."""
    if not address():
        return ScanResult(state="unavailable", detail="not configured", answered=False)
    return _scan(queries.get_version(actor=SYSTEM, file_id=file_id))


def _scan(version: FileVersion) -> ScanResult:
    """One version; whatever cannot be written down (lost bytes, another process was faster) decides nothing."""
    try:
        result = scan(queries.bytes_to_scan(actor=SYSTEM, version=version), address())
        if result.state != "unavailable":
            actions.record_scan(actor=SYSTEM, file_id=version.file_id, no=version.no, result=result)
    except Refused as why:
        return ScanResult(state="unavailable", detail=why.message)
    return result
