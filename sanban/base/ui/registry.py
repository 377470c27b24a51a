"""What other rooms add to every page: navigation, places and panels; and what waits for a person.

Knowledge that points upward is data: a room calls these functions in its `AppConfig.ready`,
and the pages below never name the room.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.utils.functional import Promise


class Viewer(Protocol):
    """The part of an Actor that a page needs to know."""

    @property
    def name(self) -> str: ...

    @property
    def unit_name(self) -> str: ...

    @property
    def roles(self) -> frozenset[str]: ...

    @property
    def ref(self) -> str: ...


class Panel(NamedTuple):
    """A piece of a page drawn by another room: its template and its context."""

    template_name: str
    context: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One thing that waits for a person: the next verb, on what, where, until when, in which light."""

    verb: str
    title: str
    url: str
    note: str
    due_at: datetime
    light: str


Count = Callable[[Any], int]
Waiting = Callable[[Any], Iterable[Todo]]
Words = str | Promise
Render = Callable[[Any, int], Panel | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One line of the sidebar as its room declared it."""

    group: str
    label: Words
    url_name: str
    icon: str
    order: int
    roles: frozenset[str] | None
    count: Count | None
    tab: int | None
    tab_label: Words
    alarm: bool

    def open_to(self, roles: Collection[str]) -> bool:
        """A line without roles is for everybody who has signed in."""
        return self.roles is None or not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelEntry:
    """One panel as its room declared it."""

    page: str
    slot: str
    order: int
    render: Render


PLACES = frozenset(
    {"home", "search", "palette", "inbox", "account", "login", "logout", "request_access", "emergency"}
)

_groups: dict[str, tuple[int, Words]] = {}
_nav: dict[tuple[str, str], NavEntry] = {}
_panels: list[PanelEntry] = []
_places: dict[str, str] = {}
_inbox: list[Count] = []
_functions: dict[str, Callable[..., Any]] = {}
_todo: list[Waiting] = []


def register_group(key: str, label: Words, order: int) -> None:
    """Name a group of the sidebar and say where it stands; an empty label draws no heading."""
    _groups[key] = (order, label)


def register_nav(
    group: str,
    label: Words,
    url_name: str,
    icon: str,
    order: int,
    roles: Iterable[str] | None = None,
    count: Count | None = None,
    *,
    tab: int | None = None,
    tab_label: Words = "",
    alarm: bool = False,
) -> None:
    """Add one line to the sidebar; `tab` (1 to 4) also puts it at the thumb on a small screen.

    `count` is called with the actor on each page and must be cheap; `alarm` shows it in red.
    """
    _nav[(group, url_name)] = NavEntry(
        group=group,
        label=label,
        url_name=url_name,
        icon=icon,
        order=order,
        roles=None if roles is None else frozenset(roles),
        count=count,
        tab=tab,
        tab_label=tab_label or label,
        alarm=alarm,
    )


def register_panel(page: str, slot: str, order: int, render: Render) -> None:
    """Let another room draw into a slot of a page; `render(actor, object_id)` may return None."""
    entry = PanelEntry(page=page, slot=slot, order=order, render=render)
    if entry not in _panels:
        _panels.append(entry)


def register_place(place: str, url_name: str) -> None:
    """Tell the shell where a well-known place is: home, search, palette, inbox, account, login, logout, and
    request_access, where one asks for what was refused; emergency, where one must read it at once."""
    if place not in PLACES:
        raise ValueError(f"unknown place {place!r}; the shell knows {', '.join(sorted(PLACES))}")
    _places[place] = url_name


def register_inbox_count(count: Count) -> None:
    """Give the number beside the bell: unread messages of the actor."""
    _inbox[:] = [count]


def register_todo(waiting: Waiting) -> None:
    """Let a room say what waits for a person; called with the actor when he opens his list."""
    if waiting not in _todo:
        _todo.append(waiting)


def todo(actor: Any) -> list[Todo]:
    """What waits for this person in the rooms that registered, the soonest first."""
    return sorted((one for waiting in _todo for one in waiting(actor)), key=lambda one: one.due_at)


def register_function(function: Callable[..., Any]) -> None:
    """Let templates of the rooms above call a function of this room by its name."""
    _functions[function.__name__] = function


def template_functions() -> dict[str, Callable[..., Any]]:
    """What the rooms let templates call."""
    return dict(_functions)


def groups() -> list[tuple[str, Words]]:
    """Keys and labels of the sidebar's groups in order; undeclared groups come last under their own name."""
    known = {**{entry.group: (999, entry.group) for entry in _nav.values()}, **_groups}
    return [(key, label) for key, (_, label) in sorted(known.items(), key=lambda item: item[1][0])]


def nav_entries(group: str, roles: Collection[str]) -> list[NavEntry]:
    """The lines of one group that a holder of these roles may see."""
    lines = [entry for entry in _nav.values() if entry.group == group and entry.open_to(roles)]
    return sorted(lines, key=lambda entry: entry.order)


def edition() -> tuple[int, ...]:
    """What is another one when something was declared: what was drawn from an older one is drawn again."""
    return id(_nav), len(_nav), len(_groups), id(_places), len(_places)


def panels(page: str, slot: str, actor: Any, object_id: int) -> list[Panel]:
    """What the rooms draw into this slot for this actor and this object."""
    entries = sorted((e for e in _panels if e.page == page and e.slot == slot), key=lambda e: e.order)
    drawn = (entry.render(actor, object_id) for entry in entries)
    return [panel for panel in drawn if panel is not None]


def place(name: str) -> str | None:
    """The url name of a well-known place, if a room has declared it."""
    return _places.get(name)


def inbox_count(actor: Any) -> int:
    """Unread messages of the actor; 0 while no room counts them."""
    return _inbox[0](actor) if _inbox else 0
