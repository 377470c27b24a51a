"""The frame round every page: sidebar, tabs at the thumb, person, bell, look.

`shell` is the context processor; a page may also build one with `build_shell`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import get_language

from sanban.base.ui import registry

LOOK_COOKIE = "look"
THEMES = ("light", "dark")
SIZES = ("normal", "large", "xlarge")
CONTRASTS = ("normal", "more")
CSRF_FIELD = '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'


@dataclass(frozen=True, slots=True)
class Look:
    """How the person wants to see pages; empty means as the system says."""

    theme: str = ""
    size: str = ""
    contrast: str = ""

    @classmethod
    def parse(cls, cookie: str) -> "Look":
        """Read the cookie `theme.size.contrast`; unknown words count as not chosen."""
        parts = (cookie.split(".") + ["", "", ""])[:3]
        theme, size, contrast = (
            word if word in known else ""
            for word, known in zip(parts, (THEMES, SIZES, CONTRASTS), strict=True)
        )
        return cls(theme=theme, size=size, contrast=contrast)

    def cookie(self) -> str:
        """The cookie that `parse` reads."""
        return f"{self.theme}.{self.size}.{self.contrast}"

    @property
    def next_theme(self) -> str:
        """The theme the switch leads to."""
        return "light" if self.theme == "dark" else "dark"

    @property
    def next_size(self) -> str:
        """Normal, large, extra large, and round again."""
        return SIZES[(SIZES.index(self.size or "normal") + 1) % 3]

    @property
    def next_contrast(self) -> str:
        """The contrast the switch leads to."""
        return "normal" if self.contrast == "more" else "more"


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    """One line of the sidebar, ready to draw."""

    label: str
    url: str
    icon: str
    count: int = 0
    current: bool = False
    alarm: bool = False
    tab: int | None = None
    tab_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavGroup:
    """A group of lines under one heading."""

    label: str
    items: tuple[NavItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """The person who has signed in."""

    name: str
    unit: str
    ref: str = ""

    @property
    def initial(self) -> str:
        """The family name, for the round picture."""
        return self.name[:1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """Everything `ui/base.html` draws round the content."""

    groups: tuple[NavGroup, ...] = ()
    me: Me | None = None
    inbox_count: int = 0
    classification: str = ""
    look: Look = field(default_factory=Look)
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def tabs(self) -> tuple[NavItem, ...]:
        """At most four tabs at the thumb; the fifth is always the whole menu."""
        items = [item for group in self.groups for item in group.items if item.tab is not None]
        return tuple(sorted(items, key=lambda item: item.tab or 0))[:4]


def place_url(name: str) -> str | None:
    """The address of a url name, or None where the site has not mounted it."""
    try:
        return url(name)
    except NoReverseMatch:
        return None


def url(name: str, *args: Any) -> str:
    """`{{ url("task:detail", number) }}`: the address of a page; those that were asked for lately are kept."""
    return _address(get_urlconf() or settings.ROOT_URLCONF, name, args)


@lru_cache(maxsize=4096)
def _address(urlconf: Any, name: str, args: tuple[Any, ...]) -> str:
    return reverse(name, urlconf, args)


def _current(path: str, urls: list[str]) -> str:
    """The longest line the path lies under, so that only one line is marked."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))]
    return max(under, key=len, default="")


@lru_cache(maxsize=16)
def _places(_edition: tuple[int, ...], _urlconf: str) -> dict[str, str]:
    """The addresses of the well-known places."""
    named = {name: registry.place(name) for name in registry.PLACES}
    return {name: address for name, target in named.items() if target and (address := place_url(target))}


@lru_cache(maxsize=256)
def _lines(
    _edition: tuple[int, ...], _urlconf: str, _language: str | None, roles: frozenset[str]
) -> list[tuple[str, NavItem, registry.Count | None]]:
    """The sidebar of who holds these roles, in the words of this language: the group, the line, and what it counts."""
    return [
        (
            str(label),
            NavItem(
                label=str(entry.label), url=address, icon=entry.icon, alarm=entry.alarm, tab=entry.tab,
                tab_label=str(entry.tab_label),
            ),
            entry.count,
        )
        for key, label in registry.groups()
        for entry in registry.nav_entries(key, roles)
        if (address := place_url(entry.url_name)) is not None
    ]  # fmt: skip


def build_shell(actor: Any, *, path: str, look: Look | None = None, classification: str = "") -> Shell:
    """The frame for this actor at this path; without an actor there is no navigation."""
    urlconf = str(get_urlconf() or settings.ROOT_URLCONF)
    places = _places(registry.edition(), urlconf)
    if actor is None:
        return Shell(look=look or Look(), places=places, classification=classification)
    lines = _lines(registry.edition(), urlconf, get_language(), actor.roles)
    here = _current(path, [item.url for _label, item, _count in lines])
    grouped: dict[str, list[NavItem]] = {}
    for label, item, count in lines:
        known, current = count(actor) if count else 0, item.url == here
        shown = replace(item, count=known, current=current) if known or current else item
        grouped.setdefault(label, []).append(shown)
    return Shell(
        groups=tuple(NavGroup(label=label, items=tuple(items)) for label, items in grouped.items()),
        me=Me(name=actor.name, unit=actor.unit_name, ref=actor.ref),
        inbox_count=registry.inbox_count(actor),
        classification=classification,
        look=look or Look(),
        places=places,
    )


class _LazyShell:
    """Builds the frame when a template first asks, so that fragments pay nothing for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._built: Shell | None = None

    def __getattr__(self, name: str) -> Any:
        if self._built is None:
            actor = getattr(self._request, "actor", None)
            look = Look.parse(self._request.COOKIES.get(LOOK_COOKIE, ""))
            self._built = build_shell(actor, path=self._request.path, look=look)
        return getattr(self._built, name)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` for every template, the request's own where a page has set one; the language and
    one anti-forgery token for all forms of an answer."""
    made: dict[str, Any] | None = getattr(request, "frame", None)
    if made is None:
        made = {
            "shell": getattr(request, "shell", None) or _LazyShell(request),
            "language": get_language(),
            "read_mark": SimpleLazyObject(lambda: getattr(request, "read_mark", None)),
            "csrf_token": SimpleLazyObject(lambda: get_token(request)),
        }
        made["csrf_input"] = SimpleLazyObject(lambda: format_html(CSRF_FIELD, made["csrf_token"]))
        request.frame = made  # type: ignore[attr-defined]
    return made
