"""Acts on units: set up, rename, move, merge; and the classes that texts name together."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.ids import new_id, new_ids
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.people import events as e
from sanban.base.people import rules
from sanban.base.people.drafts import UnitDraft
from sanban.base.people.models import Person, Unit
from sanban.base.people.present import active_unit
from sanban.base.people.queries import paths_by_code


@act
def create_units(actor: Actor, *, units: Sequence[UnitDraft]) -> list[int]:
    """Make units, parents before children, and return their ids (§4.1)."""
    return _create_units(actor, units=units)


def _create_units(actor: Actor, *, units: Sequence[UnitDraft]) -> list[int]:
    """Make units, parents before children, and return their ids (§4.1)."""
    rules.require_admin(actor)
    places = paths_by_code(actor=actor)
    items, made = [], []
    for draft, unit_id in zip(units, new_ids(len(units)), strict=True):
        if draft.code in places:
            raise Refused(_("单位编码 %(code)s 已存在，请换一个。") % {"code": draft.code}, field="code")
        if draft.kind not in Unit.KINDS:
            raise Refused(_("没有“%(kind)s”这种单位类型。") % {"kind": draft.kind}, field="kind")
        if draft.parent_code and draft.parent_code not in places:
            raise Refused(
                _("上级单位 %(code)s 不存在，请先设立上级。") % {"code": draft.parent_code}, field="parent"
            )
        parent_id, parent_path = places.get(draft.parent_code, (None, ""))
        path = f"{parent_path}{unit_id}."
        places[draft.code] = (unit_id, path)
        made.append(unit_id)
        items.append(
            Item(
                e.UnitCreated(
                    code=draft.code, name=draft.name, short=draft.short or draft.name, unit_kind=draft.kind,
                    parent_id=parent_id, path=path, order=draft.order, aliases=list(draft.aliases),
                ),
                unit_id,
                0,
            )
        )  # fmt: skip
    append_many(actor, items)
    return made


@act
def create_unit(actor: Actor, *, unit: UnitDraft) -> int:
    """Make one unit and return its id."""
    return _create_units(actor, units=[unit])[0]


@act
def move_unit(actor: Actor, *, unit_id: int, parent_id: int | None) -> None:
    """Put a unit with everything below it under another, or at the top."""
    rules.require_admin(actor)
    unit = active_unit(unit_id)
    parent = active_unit(parent_id) if parent_id is not None else None
    if parent is not None and parent.path.startswith(unit.path):
        raise Refused(_("不能划归自己或自己的下级单位。"), field="parent")
    start = f"{parent.path if parent else ''}{unit.pk}."
    below = Unit.objects.filter(path__startswith=unit.path).order_by("path").values_list("pk", "path")
    event = e.UnitMoved(
        parent_id=parent.pk if parent else None,
        parent_name=parent.name if parent else _("顶层"),
        paths=[{"id": pk, "path": start + path.removeprefix(unit.path)} for pk, path in below],
    )
    append(actor, event, stream_id=unit.pk, version=unit.version)


@act
def rename_unit(actor: Actor, *, unit_id: int, name: str, short: str) -> None:
    """Rename a unit; the former name stays and still finds it."""
    rules.require_admin(actor)
    unit = active_unit(unit_id)
    if not name.strip():
        raise Refused(_("请填写新名称。"), field="name")
    event = e.UnitRenamed(former=unit.name, name=name.strip(), short=short.strip() or name.strip())
    append(actor, event, stream_id=unit.pk, version=unit.version)


@act
def add_alias(actor: Actor, *, unit_id: int, alias: str) -> None:
    """Let texts call a unit by one more name."""
    rules.require_admin(actor)
    unit = active_unit(unit_id)
    if not alias.strip():
        raise Refused(_("请填写别名。"), field="alias")
    append(actor, e.UnitAliasAdded(alias=alias.strip()), stream_id=unit.pk, version=unit.version)


@act
def merge_unit(actor: Actor, *, unit_id: int, into_id: int) -> None:
    """End a unit and lead its names and people to another; its history stays."""
    rules.require_admin(actor)
    unit, into = active_unit(unit_id), active_unit(into_id)
    if into.path.startswith(unit.path):
        raise Refused(_("不能并入自己或自己的下级单位。"), field="into")
    if Unit.objects.filter(parent=unit, active=True).exists():
        raise Refused(_("该单位还有下级单位，请先逐个划转或合并。"), field="into")
    people = list(Person.objects.filter(unit=unit).order_by("pk").values_list("pk", flat=True))
    event = e.UnitMerged(into_id=into.pk, into_name=into.name, people=people)
    append(actor, event, stream_id=unit.pk, version=unit.version)


@act
def create_unit_class(
    actor: Actor, *, name: str, aliases: Sequence[str], definite: bool, member_ids: Sequence[int]
) -> int:
    """Define a class of units that texts name together, as 各市人民政府."""
    rules.require_admin(actor)
    class_id = new_id()
    event = e.ClassCreated(name=name, aliases=list(aliases), definite=definite, members=list(member_ids))
    append(actor, event, stream_id=class_id, version=0)
    return class_id
