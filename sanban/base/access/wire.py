"""How a room offers operations at the API: each names its scope, its words and what it answers.

operations = Operations("task", "任务")
router = operations.router

@operations.read("/tasks/{number}", name="one", summary="一件任务", answer=TaskOut)
def one(request: HttpRequest, number: str) -> HttpResponse: ...
"""

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Annotated, Any, Final, Generic, TypeVar

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from sanban.base.access.actor import actor_of
from sanban.base.access.cursors import DEFAULT, LARGEST
from sanban.base.access.once import once
from sanban.base.access.problems import Problem, Stale, invalid
from sanban.base.ledger.act import record_refusal
from sanban.base.ledger.errors import Conflict, Denied

SCOPES: Final = ("read", "write")
View = Callable[..., HttpResponse]
Item = TypeVar("Item")
After = Annotated[str, Query("", max_length=200, description="上一页返回的 next；第一页不填")]
Limit = Annotated[int, Query(DEFAULT, ge=1, le=LARGEST, description="每页条数，1 至 100")]


class Body(Schema):
    """What a program sends: unknown names are refused, so that a slip of the pen does not pass unseen."""

    model_config = ConfigDict(extra="forbid")


class Versioned(Body):
    """A write on something that has a version."""

    version: int | None = Field(
        None, ge=0, description="您所见的版本；与现状不符时返回 409。也可用 If-Match 请求头给出。"
    )


class Listed(Schema, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    next: str = Field(description="下一页的游标；空串表示没有下一页")


class Ids(Schema):
    """What was made."""

    ids: list[int]


class Count(Schema):
    """How many were dealt with."""

    count: int


class Done(Schema):
    """Done, and the version after it."""

    id: int
    version: int


def reply(data: Any, *, status: int = 200, version: int | None = None, location: str = "") -> HttpResponse:
    """Plain values as JSON, not looked at again: the queries gave exactly what the description says."""
    body = orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)
    made = HttpResponse(body, content_type="application/json", status=status)
    made["Cache-Control"] = "no-store"
    if version is not None:
        made["ETag"] = f'"{version}"'
    if location:
        made["Location"] = location
    return made


def page(items: Iterable[Any], after: str = "") -> HttpResponse:
    """One page of a list with the cursor of the next."""
    return reply({"items": list(items), "next": after})


def expected(request: HttpRequest, given: int | None) -> int | None:
    """The version the asker saw: from the body, or from If-Match."""
    header = request.headers.get("If-Match", "").strip()
    if given is not None or header in ("", "*"):
        return given
    number = header.removeprefix("W/").strip('"')
    if not (number.isascii() and number.isdecimal()):
        raise invalid("If-Match", _('If-Match 应为上次返回的 ETag，例如 "7"。'))
    return int(number)


def demand_version(request: HttpRequest, given: int | None, now: int, *, act: str) -> None:
    """Refuse a write on what changed since, where the act itself takes no version."""
    seen = expected(request, given)
    if seen is not None and seen != now:
        stale = Conflict(_("对象已被他人更新，请核对现状后再提交。"))
        record_refusal(actor_of(request), act, stale)
        raise stale


class Operations:
    """The operations of one room."""

    def __init__(self, room: str, tag: str) -> None:
        self.room = room
        self.router = Router(tags=[tag])

    def read(self, path: str, *, name: str, summary: str, answer: Any) -> Callable[[View], View]:
        """A GET with the scope `read`."""

        def offer(view: View) -> View:
            @wraps(view)
            def run(request: HttpRequest, **given: Any) -> HttpResponse:
                self._demand_scope(request, "read", name)
                return view(request, **given)

            return self._add("GET", path, name, summary, answer, 200, run)

        return offer

    def write(
        self, path: str, *, name: str, summary: str, answer: Any, status: int = 200,
        current: Callable[..., Mapping[str, Any] | None] | None = None, whole: bool = True,
    ) -> Callable[[View], View]:  # fmt: skip
        """A POST with the scope `write`. `current` gives the object as it is now for a 409.

        The view runs as a whole under the asker's Idempotency-Key; with `whole=False` it calls `once` itself,
        because it has slow work to do before the act.
        """

        def offer(view: View) -> View:
            @wraps(view)
            def run(request: HttpRequest, **given: Any) -> HttpResponse:
                self._demand_scope(request, "write", name)
                try:
                    if whole:
                        return once(request, actor_of(request), lambda: view(request, **given))
                    return view(request, **given)
                except Conflict as stale:
                    raise Stale(stale, current(request, **given) if current else None) from stale

            return self._add("POST", path, name, summary, answer, status, run)

        return offer

    def _add(
        self, method: str, path: str, name: str, summary: str, answer: Any, status: int, run: View
    ) -> View:
        scope = "read" if method == "GET" else "write"
        add = self.router.get if method == "GET" else self.router.post
        made: View = add(
            path,
            response={status: answer},
            operation_id=f"{self.room}_{name}",
            summary=summary,
            openapi_extra={"x-scope": scope},
        )(run)
        return made

    def _demand_scope(self, request: HttpRequest, scope: str, name: str) -> None:
        if scope in getattr(request, "scopes", ()):
            return
        words = _("此操作需要令牌具有“%(scope)s”权限范围。请在“我的设置”中另建令牌。") % {"scope": scope}
        if scope == "write":
            record_refusal(actor_of(request), f"api.{self.room}_{name}", Denied(words))
        raise Problem("scope", words, scope=scope)
