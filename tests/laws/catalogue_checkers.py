"""The laws of the English catalogue: complete, sure, with the same places for values, and really English."""

import re

import polib

from tests.laws.source import Breach

PLACES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def catalogue(path: str, text: str) -> list[Breach]:
    """Every entry that a reader of English would stumble over."""
    found = []
    for entry in polib.pofile(text):
        if entry.obsolete:
            continue
        faults = []
        said = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
        if entry.fuzzy:
            faults.append("is fuzzy: nobody has agreed to it")
        if not all(said) or not said:
            faults.append("has no English")
        asked = {frozenset(PLACES.findall(one)) for one in (entry.msgid, entry.msgid_plural) if one}
        if any(one and frozenset(PLACES.findall(one)) not in asked for one in said):
            faults.append("has other places for values than the Chinese")
        if any(CHINESE.search(one) for one in said):
            faults.append("has Chinese in its English")
        found += [
            Breach("catalogue", path, entry.linenum, f"“{entry.msgid[:40]}” {fault}") for fault in faults
        ]
    return found
