"""Keeping filters, and making the index anew."""

from django.utils.translation import gettext as _

from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.search import events as e
from sanban.base.search import rules
from sanban.base.search.models import SavedFilter


@act
def save_filter(actor: Actor, *, page: str, name: str, query: str, shared: bool = False) -> int:
    """Keep the filter that a register shows now, for oneself or for the own unit too."""
    if actor.person_id is None:
        raise Denied(_("请先登录。"))
    rules.address_of(page)
    name, query = rules.clean_name(name), rules.clean_query(query)
    own = SavedFilter.objects.filter(person_id=actor.person_id, page=page)
    kept = list(own.order_by("position").values_list("name", "position"))
    _require_free(name, [taken for taken, _place in kept])
    if len(kept) >= rules.MOST:
        raise Refused(_("一个页面最多保存 %(n)s 个常用筛选，请先删去不用的。") % {"n": rules.MOST})
    filter_id = new_id()
    event = e.FilterSaved(
        person_id=actor.person_id, unit_id=actor.unit_id, page=page, name=name, query=query, shared=shared,
        position=kept[-1][1] + 1 if kept else 0,
    )  # fmt: skip
    append(actor, event, stream_id=filter_id, version=0)
    return filter_id


@act
def rename_filter(actor: Actor, *, filter_id: int, name: str, shared: bool) -> None:
    """Call one's own filter otherwise; share it with the own unit or not."""
    row = _own(actor, filter_id)
    name = rules.clean_name(name)
    others = SavedFilter.objects.filter(person_id=row.person_id, page=row.page).exclude(pk=row.pk)
    _require_free(name, list(others.values_list("name", flat=True)))
    append(actor, e.FilterRenamed(name=name, shared=shared), stream_id=row.pk, version=row.version)


@act
def delete_filter(actor: Actor, *, filter_id: int) -> None:
    """Keep one's own filter no longer."""
    row = _own(actor, filter_id)
    append(actor, e.FilterDeleted(name=row.name), stream_id=row.pk, version=row.version)


@act
def rebuild_index(actor: Actor) -> None:
    """Throw the index away and fold it from the ledger again; the system administrator's."""
    if not actor.has("admin"):
        raise Denied(_("只有系统管理员可以重建检索索引。"))
    append(actor, e.IndexRebuilt(), stream_id=new_id(), version=0)


def _own(actor: Actor, filter_id: int) -> SavedFilter:
    row = SavedFilter.objects.filter(pk=filter_id).first()
    if row is None or row.person_id != actor.person_id:
        raise Denied(_("没有这个常用筛选，或不是您保存的。"))
    return row


def _require_free(name: str, taken: list[str]) -> None:
    if name in taken:
        raise Refused(_("已有同名的常用筛选“%(name)s”，请换个名字。") % {"name": name}, field="name")
