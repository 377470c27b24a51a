"""The house as an operator starts it: load data in a folder of its own, `sanban up`, its processes and their memory."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CALL = "from sanban.site.cli import main; main()"


def environment(folder: Path) -> dict[str, str]:
    """Production settings on a database in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANBAN_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, "SANBAN_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "sanban.site.settings"}  # fmt: skip


def sanban(folder: Path, *words: str) -> str:
    """Run one word of the command and return what it said."""
    done = subprocess.run([sys.executable, "-c", CALL, *words], env=environment(folder), cwd=ROOT, check=True,
                          capture_output=True, text=True)  # fmt: skip
    return done.stdout


def prepared(folder: Path, tasks: int) -> dict[str, float]:
    """Load data of so many tasks, and the clock's work that is due on it; a folder that is there is used again."""
    took = loaded(folder, tasks)
    if not (folder / "looked").exists():
        began = time.perf_counter()
        sanban(folder, "clock", "--once")
        took["clock_s"] = round(time.perf_counter() - began, 1)
        (folder / "looked").touch()
    return took


def loaded(folder: Path, tasks: int) -> dict[str, float]:
    """Load data as it is made; a folder that is there is used again."""
    if (folder / "ready").exists():
        sanban(folder, "migrate")
        return {}
    shutil.rmtree(folder, ignore_errors=True)
    began = time.perf_counter()
    sanban(folder, "demo", "--scale", str(tasks))
    (folder / "ready").touch()
    return {"load_s": round(time.perf_counter() - began, 1)}


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    """A copy beside it for the length of a with-block, so that what one run writes does not burden the next."""
    work = folder.with_name(f"{folder.name}-work")
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(folder, work)
    os.sync()  # else the disk writes the copy while the run is measured
    try:
        yield work
    finally:
        shutil.rmtree(work)


def sample(folder: Path) -> dict[str, Any]:
    """Names, numbers and a key of the loaded data, for the requests."""
    done = subprocess.run([sys.executable, str(ROOT / "bench" / "inside" / "sample.py")], env=environment(folder),
                          cwd=ROOT, check=True, capture_output=True, text=True)  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Running:
    """`sanban up` on a port, for the length of a with-block; ended by its own id."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()

    def __enter__(self) -> "Running":
        self.log = (self.folder / "up.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-c", CALL, "up", "--no-demo", "--port", str(self.port)],
            env=environment(self.folder), cwd=ROOT, stdout=self.log, stderr=self.log,
        )  # fmt: skip
        for _n in range(600):
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "up.log").read_text())
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.2)
        raise RuntimeError("the house did not open its door")

    def __exit__(self, *_fault: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)
        self.log.close()

    def web_mb(self) -> tuple[int, int]:
        """Memory in MB: of the worker that answers, and of the web server as a whole."""
        web = [_resident(pid) // 1024 for pid in _below(self.process.pid) if "granian" in _command(pid)]
        return max(web), sum(web)


def _below(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found += [int(child), *_below(int(child))]
    return found


def _command(pid: int) -> str:
    line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    parent = int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    return line if "granian" in line or parent < 2 else line + _line(parent)


def _line(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0
