"""The four witnesses that `sanban up` runs beside the site, for one machine to show what four machines do."""

import os
import socket
import subprocess
import sys
from typing import Final

from django.conf import settings

from sanban.base.ledger.tlog import signing, trust
from sanban.base.ledger.tlog.sealing import policy_path
from sanban.base.ledger.tlog.trust import Witness
from sanban.base.ledger.witness.book import Book

OFFICES: Final = ("general-office", "supervision-office", "research-office", "oversight")
"""The three offices, and the independent supervision of the collaboration (§4.1)."""
ENOUGH: Final = 3
COMMAND: Final = "from sanban.site.cli import main; main()"
Process = subprocess.Popen[bytes]


def managed() -> bool:
    """Whether the witnesses here are this command's to run; a policy of the operator's own names others."""
    return not os.environ.get("SANBAN_WITNESSES")


def start(environment: dict[str, str]) -> list[Process]:
    """Start the four on free ports of this machine."""
    return [
        subprocess.Popen([sys.executable, "-c", COMMAND, *words], env=environment, stdout=subprocess.DEVNULL)
        for words in prepare()
    ]


def prepare() -> list[list[str]]:
    """Write the policy for the four and let each follow our logs; the words of the command that runs each."""
    keys, chosen, words = signing.log_keys(), [], []
    for office in OFFICES:
        folder = settings.SANBAN_VAR / "witnesses" / office
        book = Book(folder, f"{settings.SANBAN_ORIGIN}/witness/{office}")
        for key in keys:
            book.follow(key)
        port = _free_port()
        chosen.append(Witness(office, book.key, f"http://127.0.0.1:{port}"))
        words.append(["witness", "run", "--folder", str(folder), "--port", str(port)])
    policy_path().write_text(trust.write(keys, chosen, ENOUGH))
    return words


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
