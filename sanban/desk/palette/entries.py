"""Pages and acts that the palette offers: those that the actor may open, found by words, pinyin or initials."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sanban.base.access.actor import Actor
from sanban.base.search.words import is_spelled, plain, sounds
from sanban.base.ui import registry
from sanban.execute.task.rules import MAY_ASSIGN

ANYONE: Final = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette."""

    label: str
    url: str
    icon: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """An act that begins on a page of its own; without roles it is everybody's."""

    label: str | Promise
    url_name: str
    icon: str
    roles: frozenset[str]


DEEDS: Final = (
    Deed(_("交办事项"), "task:assign", "plus", frozenset(MAY_ASSIGN)),
    Deed(_("从清单导入事项"), "task:import", "upload", frozenset(MAY_ASSIGN)),
    Deed(
        _("上传政策文件并识别"),
        "assistant:upload",
        "scan-text",
        frozenset({"dispatcher", "researcher", "liaison"}),
    ),
    Deed(_("上传文件"), "files:index", "upload", ANYONE),
    Deed(_("登记人员"), "people:new_person", "user-plus", frozenset({"admin"})),
    Deed(_("批量导入人员"), "people:import", "users", frozenset({"admin"})),
    Deed(_("设立单位"), "people:new_unit", "building-2", frozenset({"admin"})),
    Deed(_("发布工作日历"), "calendar:publish", "calendar-days", frozenset({"admin", "dispatcher"})),
    Deed(_("修改口令"), "account_change_password", "key-round", ANYONE),
    Deed(_("更换日历订阅地址"), "people:account", "rss", ANYONE),
)


def pages(actor: Actor, text: str) -> list[Entry]:
    """Lines of the sidebar that the actor may open and that the words mean."""
    lines = [
        entry
        for key, _label in registry.groups()
        for entry in registry.nav_entries(key, actor.roles if actor else ())
    ]
    return _chosen([(str(line.label), line.url_name, line.icon) for line in lines], text)


def deeds(actor: Actor, text: str) -> list[Entry]:
    """Acts that the actor may begin and that the words mean."""
    mine = [deed for deed in DEEDS if not deed.roles or actor.has(*deed.roles)]
    return _chosen([(str(deed.label), deed.url_name, deed.icon) for deed in mine], text)


def _chosen(lines: list[tuple[str, str, str]], text: str) -> list[Entry]:
    made = []
    for label, url_name, icon in lines:
        place = _place(label, text)
        if place >= 0 and (url := _url(url_name)):
            made.append((place, Entry(label, url, icon)))
    return [entry for _place_of, entry in sorted(made, key=lambda pair: pair[0])]


def _place(label: str, text: str) -> int:
    """Where the words stand in the label or its sound: the smaller the better; -1 when nowhere. No words mean all."""
    bare = plain(text)
    if not bare:
        return -1 if text.strip() else 0
    found = [plain(label).find(bare)]
    if is_spelled(text):
        found += [sound.find(bare) for sound in _sounds(label)]
    return min((place for place in found if place >= 0), default=-1)


@lru_cache(maxsize=500)
def _sounds(label: str) -> tuple[str, str]:
    return sounds(label)


def _url(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
