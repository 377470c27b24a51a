"""The scanner's word decides; its silence decides nothing."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sanban.base.files.scan import ScanResult, scan


@contextmanager
def scanner(answer: bytes, heard: list[bytes], address: str = "") -> Iterator[str]:
    """A stand-in for clamd: takes one stream, keeps what it heard, gives the set answer."""
    family = socket.AF_UNIX if address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as door:
        door.bind(address or ("127.0.0.1", 0))
        door.listen(1)
        thread = threading.Thread(target=_serve, args=(door, answer, heard))
        thread.start()
        yield f"unix:{address}" if address else f"tcp:127.0.0.1:{door.getsockname()[1]}"
        thread.join(5)


def _serve(door: socket.socket, answer: bytes, heard: list[bytes]) -> None:
    line, _peer = door.accept()
    with line, line.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        body = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            body += stream.read(size)
        heard.append(body)
        line.sendall(answer)


def test_a_clean_file_is_clean_and_arrives_whole_at_the_scanner() -> None:
    data, heard = bytes(range(256)) * 600, list[bytes]()
    with scanner(b"stream: OK\0", heard) as address:
        assert scan(data, address) == ScanResult(state="clean")
    assert heard == [data]


def test_an_infected_file_carries_the_scanners_name_for_it(tmp_path: Path) -> None:
    with scanner(b"stream: Eicar-Test-Signature FOUND\0", [], str(tmp_path / "clamd")) as address:
        assert scan(b"x", address) == ScanResult(state="infected", detail="Eicar-Test-Signature")


def test_an_error_of_the_scanner_is_not_a_clean_bill() -> None:
    with scanner(b"INSTREAM size limit exceeded. ERROR\0", []) as address:
        found = scan(b"x", address)
    assert found == ScanResult(state="unavailable", detail="INSTREAM size limit exceeded. ERROR")


def test_a_scanner_that_hangs_up_without_a_word_has_decided_nothing() -> None:
    with scanner(b"", []) as address:
        assert scan(b"x", address) == ScanResult(state="unavailable", detail="no answer", answered=False)


def test_no_scanner_a_dead_scanner_and_a_wrong_address_are_unavailable(tmp_path: Path) -> None:
    for address in ("", f"unix:{tmp_path}/none", "tcp:127.0.0.1:1", "http://127.0.0.1"):
        assert scan(b"x", address).state == "unavailable"


def test_a_scanner_that_never_answers_is_given_up_in_time() -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(1)
        found = scan(b"x", f"tcp:127.0.0.1:{door.getsockname()[1]}", timeout=0.2)
    assert found.state == "unavailable"


def test_a_scanner_that_answers_before_it_heard_everything_is_understood(tmp_path: Path) -> None:
    def answer_early() -> None:
        line, _peer = door.accept()
        with line:
            line.recv(10)
            line.sendall(b"INSTREAM size limit exceeded. ERROR\0")

    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(tmp_path / "clamd"))
        door.listen(1)
        thread = threading.Thread(target=answer_early)
        thread.start()
        found = scan(b"x" * 8_000_000, f"unix:{tmp_path}/clamd")
        thread.join(5)
    assert found == ScanResult(state="unavailable", detail="INSTREAM size limit exceeded. ERROR")
