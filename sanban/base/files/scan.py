"""Asking the virus scanner: ClamAV's INSTREAM command over a unix or tcp socket, with a time limit.

A scanner that is not configured, not reachable or not understood is never a clean bill: the file stays held.
"""

import re
import socket
import struct
from dataclasses import dataclass
from typing import Final, Literal

State = Literal["clean", "infected", "unavailable"]

_CHUNK: Final = 64 * 1024
_ANSWER_LIMIT: Final = 4096
_FOUND = re.compile(r"^stream: (?P<name>.+) FOUND$")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """`clean`; `infected` with the scanner's name for it; `unavailable` with why nothing was decided.

    `answered` tells a scanner that spoke (though it decided nothing) from one that is not there.
    """

    state: State
    detail: str = ""
    answered: bool = True


def scan(data: bytes, address: str, *, timeout: float = 20.0) -> ScanResult:
    """Have the scanner look at these bytes; `address` is `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`."""
    if not address:
        return ScanResult(state="unavailable", detail="not configured", answered=False)
    try:
        with _connect(address, timeout) as line:
            return _judged(_ask(line, data))
    except (OSError, ValueError) as failure:
        return ScanResult(state="unavailable", detail=str(failure) or type(failure).__name__, answered=False)


def _connect(address: str, timeout: float) -> socket.socket:
    scheme, _colon, rest = address.partition(":")
    if scheme == "unix":
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(timeout)
        try:
            line.connect(rest)
        except OSError:
            line.close()
            raise
        return line
    host, _colon, port = rest.rpartition(":")
    if scheme != "tcp" or not host or not port.isdigit():
        raise ValueError(f"scanner address not understood: {address}")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)


def _ask(line: socket.socket, data: bytes) -> bytes:
    """Send the stream in length-prefixed chunks. A scanner that hangs up has often answered first: read on."""
    try:
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            line.sendall(struct.pack("!I", len(chunk)) + chunk)
        line.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = b""
    while len(answer) < _ANSWER_LIMIT and not answer.endswith(b"\0"):
        piece = line.recv(_ANSWER_LIMIT)
        if not piece:
            break
        answer += piece
    return answer


def _judged(answer: bytes) -> ScanResult:
    sentence = answer.rstrip(b"\0\n").decode("utf-8", "replace").strip()
    if sentence == "stream: OK":
        return ScanResult(state="clean")
    found = _FOUND.match(sentence)
    if found:
        return ScanResult(state="infected", detail=found["name"])
    return ScanResult(state="unavailable", detail=sentence or "no answer", answered=bool(sentence))
