"""A private PostgreSQL for one test run: made, used and thrown away by the run itself.

It listens on a free port of the loopback address, keeps its files in a folder of its own and never
flushes to disk, so that it is as fast as SQLite and leaves nothing behind.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

START_SECONDS = 30
OWNER, WEB, SEQUENCER = "sanban", "sanban_web", "sanban_log"
NOT_FOUND = (
    "PostgreSQL is not installed: no initdb under /usr/lib/postgresql or on PATH. "
    "Run bin/setup-test (Debian) or install PostgreSQL 15 or newer."
)


class NoServer(RuntimeError):
    """PostgreSQL could not be started; the text says why and what to do."""


@dataclass(frozen=True)
class Server:
    """A running server and where it keeps its files."""

    process: "subprocess.Popen[bytes]"
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{OWNER}"

    def stop(self) -> None:
        """Ask our own child for a fast shutdown, then remove its files."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def programs() -> Path:
    """The folder that holds initdb and postgres, the newest version first."""

    def version(folder: Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0

    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    found = shutil.which("initdb")
    if found and (Path(found).parent / "postgres").exists():
        return Path(found).parent
    raise NoServer(NOT_FOUND)


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _identity() -> dict[str, object]:
    """initdb refuses root: as root, become the `postgres` user that Debian's package makes."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam("postgres")
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def start_postgresql() -> Server:
    """Make and start a server; the caller stops it."""
    home = Path(
        tempfile.mkdtemp(prefix="sanban-pg-", dir="/tmp")
    )  # pytest's own folder is closed to postgres
    identity = _identity()
    if identity:
        os.chown(home, identity["user"], identity["group"])  # type: ignore[arg-type]
    _make_cluster(home, identity)
    port = _free_port()
    arguments = [part for name, value in _options(port).items() for part in ("-c", f"{name}={value}")]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(  # type: ignore[call-overload]
            [programs() / "postgres", "-D", home / "data", *arguments],
            cwd="/",
            stdout=log,
            stderr=log,
            **identity,
        )
    server = Server(process, home, port)
    _wait_until_it_answers(server)
    _make_roles(server)
    return server


def _make_roles(server: Server) -> None:
    """The owner of the tables as an office has it: no superuser, so that row security holds for it too."""
    with psycopg.connect(f"postgresql://postgres@127.0.0.1:{server.port}/postgres", autocommit=True) as link:
        link.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
        link.execute(f"CREATE DATABASE {OWNER} OWNER {OWNER}")
        for role in (WEB, SEQUENCER):
            link.execute(f"CREATE ROLE {role} LOGIN")


def _make_cluster(home: Path, identity: dict[str, object]) -> None:
    flags = ["--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]
    made = subprocess.run(  # type: ignore[call-overload]
        [programs() / "initdb", *flags, "-D", home / "data"],
        cwd="/",
        capture_output=True,
        text=True,
        **identity,
    )
    if made.returncode != 0:
        shutil.rmtree(home, ignore_errors=True)
        raise NoServer(f"initdb failed: {made.stderr.strip()}")


def _options(port: int) -> dict[str, str]:
    return {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "60",
        "timezone": "UTC",
    }


def _wait_until_it_answers(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            break
        ready = subprocess.run(
            [programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(server.port)], cwd="/", check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.05)
    log = (server.folder / "log").read_text(errors="replace")[-2000:]
    server.stop()
    raise NoServer(f"PostgreSQL did not start within {START_SECONDS} seconds. Its log ends: {log}")
