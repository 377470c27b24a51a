"""What happens to kept filters, and that the index was made anew."""

from django.utils.translation import gettext_lazy as _

from sanban.base.ledger.registry import Event, event


@event("search.filter_saved", stream="filter", sentence=_("存为常用筛选“{name}”"))
class FilterSaved(Event):
    """A person keeps what he narrowed a register to; `query` is the part after the question mark."""

    person_id: int
    unit_id: int | None
    page: str
    name: str
    query: str
    shared: bool
    position: int


@event("search.filter_renamed", stream="filter", sentence=_("常用筛选改为“{name}”"))
class FilterRenamed(Event):
    """Another name; shared with the own unit or kept to oneself."""

    name: str
    shared: bool


@event("search.filter_deleted", stream="filter", sentence=_("删除常用筛选“{name}”"))
class FilterDeleted(Event):
    """The filter is not kept any more."""

    name: str


@event("search.index_renewed", stream="search_index", sentence=_("重建检索索引"))
class IndexRebuilt(Event):
    """The index was thrown away and folded from the ledger again."""
