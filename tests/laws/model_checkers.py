"""The laws of the model graph: keys point down, no back door, nothing is deleted through a key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.laws.source import Breach, Room, Source, room_of_module, stands_above

ROOM_MODELS = 12
MODEL_NAMES_TAKEN = {"Signal", "Case", "Warning", "Process", "Action", "Meta", "Rule"}


@dataclass(frozen=True)
class Key:
    """A foreign key as the app registry resolved it, string keys included."""

    owner: str
    field: str
    owner_room: Room
    target: str
    target_room: Room | None
    related_name: str | None
    on_delete: str

    @property
    def place(self) -> str:
        return f"{self.owner}.{self.field}"


def keys(found: Iterable[Key]) -> list[Breach]:
    """Keys between rooms point down the order, carry related_name "+", and protect what they point at."""
    breaches = []
    for key in found:
        if key.target_room is None or key.target_room == key.owner_room:
            continue
        if not stands_above(key.owner_room, key.target_room):
            breaches.append(Breach("model graph", key.place, 0, f"points up to {key.target}: turn it round"))
        if not (key.related_name or "").endswith("+"):
            breaches.append(Breach("model graph", key.place, 0, 'needs related_name="+": no back door'))
        if key.on_delete != "PROTECT":
            breaches.append(
                Breach("model graph", key.place, 0, f"on_delete is {key.on_delete}, must be PROTECT")
            )
    return breaches


def cycles(edges: Iterable[tuple[Room, Room]]) -> list[list[Room]]:
    """Rings of rooms, by keys and imports together; each ring once."""
    graph: dict[Room, set[Room]] = {}
    for upper, lower in edges:
        if upper != lower:
            graph.setdefault(upper, set()).add(lower)
    done: set[Room] = set()
    rings: list[list[Room]] = []

    def visit(room: Room, path: list[Room]) -> None:
        if room in path:
            rings.append(path[path.index(room) :])
            return
        if room in done:
            return
        for lower in sorted(graph.get(room, ())):
            visit(lower, [*path, room])
        done.add(room)

    for room in sorted(graph):
        visit(room, [])
    return rings


def import_edges(sources: Iterable[Source]) -> set[tuple[Room, Room]]:
    """Room -> room, from the imports of everything but tests."""
    edges = set()
    for source in sources:
        if source.room is None or source.is_test:
            continue
        for _line, name in source.imports():
            target = room_of_module(name)
            if target is not None and target != source.room:
                edges.add((source.room, target))
    return edges


def room_sizes(models: Mapping[Room, list[str]]) -> list[Breach]:
    """A room has at most twelve models, and none takes a word that means something else."""
    found = []
    for room, names in models.items():
        if len(names) > ROOM_MODELS:
            found.append(
                Breach("sizes", str(room), 0, f"{len(names)} models, at most {ROOM_MODELS}: split the room")
            )
        found += [
            Breach("model names", str(room), 0, f"{name} is a word with another meaning: name the thing")
            for name in names
            if name in MODEL_NAMES_TAKEN
        ]
    return found


def migration_name(app: str, name: str, suggested: str, parents: int) -> list[Breach]:
    """A migration says in its name what it does; Django's own name says only what it touched."""
    words = name.partition("_")[2]
    if parents > 1:
        return [Breach("migrations", f"{app}.{name}", 0, "a merge: rebase the newer migration instead")]
    if not words or words.startswith("auto_") or "_and_more" in words:
        return [Breach("migrations", f"{app}.{name}", 0, "auto-named: say what it does")]
    if words == suggested and words != "initial":
        return [
            Breach("migrations", f"{app}.{name}", 0, f"{suggested} is Django's own name: say what it is for")
        ]
    return []
