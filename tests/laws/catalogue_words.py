"""Every word of the interface, found in the code and the templates: what the English catalogue must hold."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize
from jinja2 import Environment

from tests.laws.source import ROOT, tracked_files

CATALOGUE = ROOT / "sanban" / "locale" / "en" / "LC_MESSAGES" / "django.po"
SPOKEN = {"gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
TEXT = r"u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
CALL = re.compile(rf"(?<![\w.])(?:_|n?gettext)\(({TEXT})(?:,\s*({TEXT}))?", re.DOTALL)
JINJA = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
JINJA.newstyle_gettext = True  # type: ignore[attr-defined]
Word = tuple[str, str]
"""A msgid and its plural, which is empty where nothing is counted."""


def in_python(text: str) -> Iterator[Word]:
    """The words that a module marks for translation, by whatever name it imported the function."""
    tree = ast.parse(text)
    names = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.name in SPOKEN
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            wanted = node.args[: 2 if names[node.func.id].startswith("n") else 1]
            said = [part.value for part in wanted if isinstance(part, ast.Constant)]
            if said and len(said) == len(wanted):
                yield str(said[0]), str(said[1]) if len(said) > 1 else ""


def in_template(text: str) -> Iterator[Word]:
    """The words of _() and trans in a template of the house."""
    for _line, _function, said in JINJA.extract_translations(text):  # type: ignore[attr-defined]
        parts = said if isinstance(said, tuple) else (said,)
        yield parts[0] or "", (parts[1] if len(parts) > 1 else "") or ""


def in_django_template(text: str) -> Iterator[Word]:
    """The words of translate and blocktranslate, on the pages that django-allauth asks for."""
    for match in CALL.finditer(templatize(text)):
        yield ast.literal_eval(match[1]), ast.literal_eval(match[2]) if match[2] else ""


def _reader(path: Path) -> Callable[[str], Iterator[Word]] | None:
    if path.suffix == ".py":
        return in_python
    if path.suffix not in (".html", ".txt"):
        return None
    return (
        in_template if "jinja2" in path.parts else in_django_template if "templates" in path.parts else None
    )


def words() -> dict[Word, set[str]]:
    """All words of the house, each with the files that say it."""
    found: dict[Word, set[str]] = {}
    for name in tracked_files():
        path = Path(name)
        if path.parts[0] != "sanban" or "tests" in path.parts or "migrations" in path.parts:
            continue
        if read := _reader(path):
            for word in read((ROOT / name).read_text(encoding="utf-8")):
                if word[0]:
                    found.setdefault(word, set()).add(name)
    return found


def held() -> set[Word]:
    """What the English catalogue holds."""
    return {(entry.msgid, entry.msgid_plural) for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}
