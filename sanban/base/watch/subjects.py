"""What an object is, whoever asks: its level, the units it belongs to, and its title for who may know it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.urls import Resolver404, resolve, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access.actor import SECRET, Actor
from sanban.base.search.registry import key_of, searchables

SUFFIX: Final = "_id"
OTHER_NAMES: Final[dict[str, str | Promise]] = {
    "slip": gettext_lazy("督办单"), "measure": gettext_lazy("举措"), "message": gettext_lazy("消息"),
    "search": gettext_lazy("检索结果"),
}  # fmt: skip
"""Kinds of objects that cannot be searched for, in words."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One object as the watch knows it."""

    stream: str
    object_id: int
    level: int
    owner_units: tuple[int, ...]
    title: str
    arg: str

    @property
    def kind(self) -> str:
        """What sort of thing it is, in words."""
        return kind_name(self.stream)

    def name_for(self, actor: Actor) -> str:
        """Its title for who is cleared for it and is no administrator of the watch; else what sort of thing it is."""
        if self.level > actor.clearance or self.level >= SECRET or not self.title:
            return _("%(kind)s（编号 %(id)s）") % {"kind": self.kind, "id": self.object_id}
        return self.title

    @property
    def url(self) -> str:
        """Its page, where the index knows one."""
        names = {row.kind: row.url_name for row in searchables()}
        return reverse(names[self.stream], args=[self.arg]) if self.arg and self.stream in names else ""


def kind_name(stream: str) -> str:
    """The sort of thing a stream holds, in words."""
    words = {row.kind: row.label for row in searchables()} | OTHER_NAMES
    return str(words.get(stream, stream))


def entry_keys(places: Iterable[tuple[str, int | None]]) -> list[int]:
    """The keys in the index of objects whose kind can be searched for."""
    known = {row.kind for row in searchables()}
    return sorted({key_of(stream, key) for stream, key in places if key and stream in known})


def place_in(path: str) -> tuple[str, Any] | None:
    """What an address of this site names: a stream and an id, or ("", number) for what is named by its number."""
    try:
        match = resolve(path.partition("?")[0])
    except Resolver404:
        return None
    return place_of(match.kwargs)


def place_of(parts: dict[str, Any]) -> tuple[str, Any] | None:
    """The same, of the parts of an address that was resolved."""
    for name, value in parts.items():
        if name == "number":
            return "", str(value)
        if name.endswith(SUFFIX) and isinstance(value, int):
            return name.removesuffix(SUFFIX), value
    return None
