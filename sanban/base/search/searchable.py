"""Units, people and files in the index: who they are and where they sit; nothing private."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from sanban.base.access.events import LabelSet
from sanban.base.files import events as files
from sanban.base.files.queries import visible as visible_files
from sanban.base.ledger.entry import Entry
from sanban.base.ledger.registry import folds
from sanban.base.people import events as people
from sanban.base.search import queries
from sanban.base.search.drafts import Findable
from sanban.base.search.models import SearchEntry
from sanban.base.search.projections import drop, move, put
from sanban.base.search.registry import key_of, register_searchable

UNIT, PERSON, FILE = "unit", "person", "file"

register_searchable(
    UNIT, label=_("单位"), order=60, icon="building-2", url_name="people:unit", visible=queries.units
)
register_searchable(
    PERSON, label=_("人员"), order=70, icon="user", url_name="people:person", visible=queries.people
)
register_searchable(
    FILE, label=_("文件"), order=80, icon="file-text", url_name="files:detail", visible=visible_files
)


@folds(people.UnitCreated)
def _unit_created(entries: Sequence[Entry]) -> None:
    put(
        Findable(
            kind=UNIT, object_id=entry.stream_id, title=entry.event.name, arg=str(entry.stream_id), at=entry.at,
            text="\n".join([entry.event.short, *entry.event.aliases]), unit_id=entry.event.parent_id,
            level=entry.level,
        )
        for entry in entries
    )  # fmt: skip


def _unit(unit_id: int) -> SearchEntry | None:
    return SearchEntry.objects.filter(pk=key_of(UNIT, unit_id)).first()


def _again(
    row: SearchEntry, *, title: str = "", lines: Sequence[str] = (), level: int | None = None
) -> Findable:
    return Findable(
        kind=row.kind, object_id=row.object_id, title=title or row.title, number=row.number, arg=row.arg, at=row.at,
        text="\n".join(lines) if lines else row.text, unit_id=row.unit_id,
        level=row.level if level is None else level,
    )  # fmt: skip


@folds(LabelSet)
def _label_set(entries: Sequence[Entry]) -> None:
    """What has another level is found by who may see that level."""
    for entry in entries:
        row = SearchEntry.objects.filter(pk=key_of(entry.event.of_stream, entry.event.object_id)).first()
        if row is not None and row.level != entry.event.level:
            put([_again(row, level=entry.event.level)])


@folds(people.UnitRenamed)
def _unit_renamed(entries: Sequence[Entry]) -> None:
    """Former names stay findable; the people of the unit are found by its new short name."""
    for entry in entries:
        row = _unit(entry.stream_id)
        if row is None:
            continue
        names = dict.fromkeys([entry.event.short, *row.text.split("\n"), entry.event.former])
        put([_again(row, title=entry.event.name, lines=[*names])])
        staff = SearchEntry.objects.filter(kind=PERSON, unit_id=entry.stream_id)
        put([_again(one, lines=[one.text.split("\n")[0], entry.event.short]) for one in staff])


@folds(people.UnitAliasAdded)
def _alias_added(entries: Sequence[Entry]) -> None:
    for entry in entries:
        if (row := _unit(entry.stream_id)) is not None:
            put([_again(row, lines=[*row.text.split("\n"), entry.event.alias])])


@folds(people.UnitMoved)
def _unit_moved(entries: Sequence[Entry]) -> None:
    for entry in entries:
        move(UNIT, entry.stream_id, entry.event.parent_id)


@folds(people.UnitMerged)
def _unit_merged(entries: Sequence[Entry]) -> None:
    """The names of the ended unit lead to the one it went into; its people sit there now."""
    for entry in entries:
        ended, heir = _unit(entry.stream_id), _unit(entry.event.into_id)
        if ended is None or heir is None:
            continue
        names = dict.fromkeys([*heir.text.split("\n"), ended.title, *ended.text.split("\n")])
        put([_again(heir, lines=[*names])])
        drop(UNIT, [entry.stream_id])
        for person_id in entry.event.people:
            move(PERSON, person_id, entry.event.into_id)
        staff = SearchEntry.objects.filter(
            pk__in=[key_of(PERSON, person_id) for person_id in entry.event.people]
        )
        short = heir.text.split("\n")[0]
        put([_again(one, lines=[one.text.split("\n")[0], short]) for one in staff])


@folds(people.PersonCreated, people.PersonUpdated)
def _person_known(entries: Sequence[Entry]) -> None:
    """Name, post and unit alone: no login, address or telephone is ever in the index."""
    known = SearchEntry.objects.filter(
        pk__in={key_of(UNIT, unit_id) for unit_id in {entry.event.unit_id for entry in entries}}
    )
    shorts = {row.object_id: row.text.split("\n")[0] for row in known}
    put(
        Findable(
            kind=PERSON, object_id=entry.stream_id, title=entry.event.name, arg=str(entry.stream_id), at=entry.at,
            text=f"{entry.event.post}\n{shorts.get(entry.event.unit_id, '')}", unit_id=entry.event.unit_id,
            level=entry.level,
        )
        for entry in entries
    )  # fmt: skip


@folds(people.PersonLeft)
def _person_left(entries: Sequence[Entry]) -> None:
    drop(PERSON, [entry.stream_id for entry in entries])


@folds(files.FileUploaded)
def _file_uploaded(entries: Sequence[Entry]) -> None:
    """A file is found by its name; its text belongs to what it is about."""
    put(
        Findable(
            kind=FILE, object_id=entry.stream_id, title=entry.event.name, arg=str(entry.stream_id), at=entry.at,
            unit_id=entry.event.unit_id, level=entry.event.level,
        )
        for entry in entries
    )  # fmt: skip


@folds(files.VersionAdded)
def _file_renewed(entries: Sequence[Entry]) -> None:
    for entry in entries:
        row = SearchEntry.objects.filter(pk=key_of(FILE, entry.stream_id)).first()
        if row is not None:
            put([_again(row, title=entry.event.name)])
