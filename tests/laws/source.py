"""What the law checkers read: one source file, its place in the house, and what they report."""

import ast
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE_FOLDER = re.compile(r"/(?:jinja2|templates)/")
WINGS = ("base", "decide", "execute", "supervise", "study", "open", "desk", "demo", "site")
BASE_ROOMS = (
    "clock", "vault", "ledger", "access", "ui", "calendar", "people", "light", "files", "search", "notify", "watch",
    "glass",
)  # fmt: skip


@dataclass(frozen=True)
class Breach:
    """One place where a law is broken, in words that say how to mend it."""

    law: str
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: [{self.law}] {self.text}"


@dataclass(frozen=True, order=True)
class Room:
    """A room by wing and name; wings without rooms (site, demo) are rooms of themselves."""

    wing: str
    name: str

    def __str__(self) -> str:
        return f"{self.wing}.{self.name}" if self.name else self.wing


def stands_above(upper: Room, lower: Room) -> bool:
    """True when `upper` may refer to `lower`; inside a wing other than base the acyclic contracts decide."""
    if upper.wing != lower.wing:
        return WINGS.index(upper.wing) > WINGS.index(lower.wing)
    if upper.wing == "base" and upper.name in BASE_ROOMS and lower.name in BASE_ROOMS:
        return BASE_ROOMS.index(upper.name) >= BASE_ROOMS.index(lower.name)
    return True


def room_of_module(module: str) -> Room | None:
    """The room that a dotted module name belongs to; None outside sanban."""
    parts = module.split(".")
    if parts[0] != "sanban" or len(parts) < 2 or parts[1] not in WINGS:
        return None
    if parts[1] in ("site", "demo"):
        return Room(parts[1], "")
    return Room(parts[1], parts[2]) if len(parts) > 2 else None


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root of the repository and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.removesuffix(".py").split("/"))

    @cached_property
    def module(self) -> str:
        return ".".join(self.parts).removesuffix(".__init__")

    @cached_property
    def room(self) -> Room | None:
        return room_of_module(self.module)

    @cached_property
    def role(self) -> str:
        """Which file of the room this is: models, actions (also a module of the actions package), tests..."""
        return self.parts[3] if len(self.parts) > 3 and self.parts[0] == "sanban" else ""

    @cached_property
    def is_test(self) -> bool:
        return "tests" in self.parts or self.parts[-1] == "conftest"

    @cached_property
    def is_migration(self) -> bool:
        return "migrations" in self.parts

    @cached_property
    def names(self) -> dict[str, str]:
        """Local name -> dotted name, from the imports of the file."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    found[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0]
                    )
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    found[alias.asname or alias.name] = f"{self.absolute(node)}.{alias.name}"
        return found

    def absolute(self, node: ast.ImportFrom) -> str:
        """The dotted module that an import statement names, relative ones resolved."""
        if not node.level:
            return node.module or ""
        package = list(self.parts[:-1])
        package = package[: len(package) - (node.level - 1)]
        return ".".join([*package, *(node.module.split(".") if node.module else [])])

    def dotted(self, node: ast.expr) -> str:
        """`timezone.now` -> django.utils.timezone.now; empty when it is not a plain chain of names."""
        chain: list[str] = []
        current = node
        while isinstance(current, ast.Attribute):
            chain.append(current.attr)
            current = current.value
        if not isinstance(current, ast.Name):
            return ""
        return ".".join([self.names.get(current.id, current.id), *reversed(chain)])

    def imports(self) -> list[tuple[int, str]]:
        """Every imported dotted name with its line; `from a import b` gives a.b."""
        found: list[tuple[int, str]] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [(node.lineno, f"{self.absolute(node)}.{alias.name}") for alias in node.names]
        return found


@lru_cache(maxsize=1)
def tracked_files() -> tuple[str, ...]:
    """Files that git tracks or would track, from the root of the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return tuple(sorted({name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}))


@lru_cache(maxsize=1)
def python_sources() -> tuple[Source, ...]:
    """Every Python file of the repository, read once."""
    wanted = [name for name in tracked_files() if name.endswith(".py")]
    return tuple(Source(name, (ROOT / name).read_text(encoding="utf-8")) for name in wanted)


@lru_cache(maxsize=1)
def templates() -> tuple[tuple[str, str], ...]:
    """Every template of every room: path and text."""
    wanted = [name for name in tracked_files() if name.startswith("sanban/") and TEMPLATE_FOLDER.search(name)]
    return tuple((name, (ROOT / name).read_text(encoding="utf-8")) for name in wanted)


def text_files() -> list[tuple[str, str]]:
    """Every tracked file that is text, lock files included."""
    found = []
    for name in tracked_files():
        raw = (ROOT / name).read_bytes()
        if b"\0" not in raw[:4096]:
            found.append((name, raw.decode("utf-8", errors="replace")))
    return found
