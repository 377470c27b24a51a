"""The witness's door: `POST /add-checkpoint`, and `GET /<origin>/checkpoint` for those who compare."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final
from urllib.parse import unquote

from sanban.base.ledger.witness import judge
from sanban.base.ledger.witness.book import Book

LARGEST: Final = 64 * 1024


class Door(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    book: Book

    def do_POST(self) -> None:
        """A new head."""
        length = self.headers.get("Content-Length", "")
        if self.path != "/add-checkpoint":
            self._answer(judge.Answer(404, "no such address\n"))
        elif not length.isdecimal() or int(length) > LARGEST:
            self.close_connection = True
            self._answer(judge.Answer(400, "the body is missing or too long\n"))
        else:
            try:
                body = self.rfile.read(int(length)).decode()
            except UnicodeDecodeError:
                self._answer(judge.Answer(400, "the body is not UTF-8\n"))
                return
            self._answer(judge.add_checkpoint(self.book, body))

    def do_GET(self) -> None:
        """The latest head that was signed."""
        path = unquote(self.path)
        if path == "/key":
            self._answer(judge.Answer(200, self.book.key.text() + "\n"))
        elif path.endswith("/checkpoint"):
            self._answer(judge.latest(self.book, path[1 : -len("/checkpoint")]))
        else:
            self._answer(judge.Answer(404, "no such address\n"))

    def log_message(self, format: str, *args: object) -> None:
        """Only what went wrong is worth a line."""

    def log_error(self, format: str, *args: object) -> None:
        """One line for the operator; that a kept connection was idle is nothing wrong."""
        if args and isinstance(args[0], TimeoutError):
            return
        sys.stderr.write(f"{self.book.name}: {format % args}\n")

    def _answer(self, answer: judge.Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def serve(book: Book, host: str, port: int) -> ThreadingHTTPServer:
    """A server that listens; `serve_forever` runs it. Port 0 takes a free one."""
    server = ThreadingHTTPServer((host, port), type("OneDoor", (Door,), {"book": book}))
    server.daemon_threads = True
    return server
