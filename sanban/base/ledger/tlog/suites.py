"""Names of logs: each is one order of leaves under two trees, and each tree signs under a name of its own."""

from typing import Final

ACTS, ACCESS = "ledger", "access"
LOGS: Final = (ACTS, ACCESS)
SHA256, SM3 = "sha256", "sm3"
_ENDING: Final = {SHA256: "", SM3: "-sm3"}


def log_of(stream: str) -> str:
    """Which log an event of this stream belongs to: reads and refusals have their own."""
    return ACCESS if stream == "access" else ACTS


def named(house: str, log: str, suite: str) -> str:
    """The name under which one tree of a log signs, for ever: …/ledger, and …/ledger-sm3 for its twin."""
    return f"{house}/{log}{_ENDING[suite]}"


def suite_of(origin: str) -> str:
    """The tree that a name belongs to. The twin's ending is ours, not C2SP's."""
    return SM3 if origin.endswith(_ENDING[SM3]) else SHA256
