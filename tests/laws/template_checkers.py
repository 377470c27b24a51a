"""The laws of templates, addresses and tracked text, as pure functions from a text to its breaches."""

import ast
import re
from collections.abc import Mapping

from tests.laws.source import Breach, Room, Source, stands_above

INCLUDE = re.compile(r"{%-?\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
URL_TAG = re.compile(r"(?:{%-?\s*url\s+|\burl\()[\"']([^\"']+)[\"']")
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)
REVERSERS = {"reverse", "reverse_lazy", "redirect", "resolve_url"}
FOREIGN_NAMES = ("account_", "mfa_", "socialaccount_", "openid_connect_")
SCRIPTING = (
    (re.compile(r"\shx-on[:\s=-]"), "hx-on is off under our CSP: put the behaviour into ui.js"),
    (re.compile(r"\son[a-z]+\s*="), "inline handler: blocked by the CSP"),
    (re.compile(r"\sstyle\s*="), "inline style: blocked by the CSP, use a class or an SVG attribute"),
    (re.compile(r"<style\b"), "inline style sheet: blocked by the CSP"),
    (re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)"), "inline script: blocked by the CSP"),
    (re.compile(r"hx-trigger\s*=\s*[\"'][^\"']*\["), "a filter in hx-trigger fails open"),
    (re.compile(r"=\s*[\"']\s*(?:js|javascript):"), "a script expression in an attribute"),
    (
        re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//[^\"']+\.(?:js|css|woff2?)\b"),
        "asset from outside the house",
    ),
)
FORMS_WITHOUT_TOKEN = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']post[\"'][^>]*>(.*?)</form>", re.I | re.S)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match.group())


def references(path: str, text: str, room: Room, rooms: Mapping[str, Room]) -> list[Breach]:
    """A template includes, extends and links to its own room or a lower one only."""
    bare = COMMENT.sub(_blank, text)
    found = []
    for match in INCLUDE.finditer(bare):
        label = match.group(1).split("/")[0]
        if label in rooms and not stands_above(room, rooms[label]):
            found.append(
                Breach(
                    "templates",
                    path,
                    _line(bare, match.start()),
                    f"{match.group(1)} stands above {room}: use a panel",
                )
            )
    for match in URL_TAG.finditer(bare):
        found += _address(path, _line(bare, match.start()), match.group(1), room, rooms)
    return found


def _address(path: str, line: int, name: str, room: Room, rooms: Mapping[str, Room]) -> list[Breach]:
    """One address name, judged: `room:page`, of the own room or a lower one."""
    if ":" not in name:
        if room.wing in ("site", "desk") or name.startswith(FOREIGN_NAMES):
            return []
        return [Breach("addresses", path, line, f"{name}: give the name of its room, as room:page")]
    label = name.split(":")[0]
    if label in rooms and not stands_above(room, rooms[label]):
        return [
            Breach("addresses", path, line, f"{name} stands above {room}: register a panel or a link instead")
        ]
    return []


def python_addresses(source: Source, rooms: Mapping[str, Room]) -> list[Breach]:
    """reverse() and redirect() name pages of the own room or a lower one only."""
    if source.is_test or source.room is None:
        return []
    found = []
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0]
        named = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else "/"
        if called in REVERSERS and not named.startswith(("/", "http")):
            found += _address(source.path, node.lineno, named, source.room, rooms)
    return found


def scripting(path: str, text: str) -> list[Breach]:
    """Pages work under `default-src 'none'; script-src 'self'; style-src 'self'`."""
    if not path.endswith((".html", ".svg")):
        return []
    bare = COMMENT.sub(_blank, text)
    return [
        Breach("content security", path, _line(bare, match.start()), message)
        for pattern, message in SCRIPTING
        for match in pattern.finditer(bare)
    ]


def forms(path: str, text: str) -> list[Breach]:
    """Every form that posts carries its CSRF token."""
    return [
        Breach("forms", path, _line(text, match.start()), "a form that posts has no {{ csrf_input }}")
        for match in FORMS_WITHOUT_TOKEN.finditer(text)
        if "csrf_input" not in match.group(1) and "csrf_token" not in match.group(1)
    ]


def _outside_hosts() -> tuple[str, ...]:
    """Hosts of package registries, written so that this file does not name them itself."""
    pieces = (
        ("py", "pi.org"), ("python", "hosted.org"), ("npm", "js.org"), ("deb.", "debian.org"), ("crates", ".io"),
        ("proxy.", "golang.org"), ("index", "-url"), ("npm", "mirror.com"), ("mirrors.", "aliyun"),
        ("tuna.", "tsinghua"),
    )  # fmt: skip
    return tuple("".join(piece) for piece in pieces)


MACHINE_PATHS = re.compile(
    r"(?<![\w.\-/])/(?:" + "|".join(("wo" + "rk", "ro" + "ot", r"ho" + r"me/\w+")) + r")/"
)


def outside_words(path: str, text: str) -> list[Breach]:
    """No tracked file names a package registry's host or a path of one machine."""
    found = []
    hosts = _outside_hosts()
    for number, line in enumerate(text.splitlines(), start=1):
        if any(host in line for host in hosts if host != "index" + "-url" or "--no-emit" not in line):
            found.append(Breach("no registry hosts", path, number, line.strip()[:80]))
        if MACHINE_PATHS.search(line):
            found.append(Breach("no machine paths", path, number, line.strip()[:80]))
    return found
