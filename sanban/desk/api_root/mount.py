"""The one API: every room's `api` module, found as the addresses of pages are found."""

import logging
from collections.abc import Callable, Sequence
from functools import wraps
from importlib import import_module
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from sanban.base.access import problems
from sanban.base.access.problems import Problem, Stale
from sanban.base.access.readlog.recording import Unrecorded
from sanban.base.ledger.errors import Refused
from sanban.desk.api_root.door import demand_json, door

PREFIX = "/api/v1"
LOG = logging.getLogger(__name__)


class FastParser(Parser):
    """Reads JSON bodies with orjson, and nothing but JSON."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The values of the body; without a body, none."""
        if not request.body:
            return {}
        demand_json(request)
        return orjson.loads(request.body)


def build() -> NinjaAPI:
    """The API with the operations of every installed room."""
    made = NinjaAPI(
        title="三办协同云平台接口", version="1.0.0", urls_namespace="api", docs_url=None, openapi_url=None,
        auth=door, parser=FastParser(),
    )  # fmt: skip
    for room in settings.ROOMS:
        if room in settings.INSTALLED_APPS and module_has_submodule(import_module(room), "api"):
            made.add_router("", import_module(f"{room}.api").router)
    for fault, told in FAULTS.items():
        made.add_exception_handler(fault, told)
    return made


def _problem(request: HttpRequest, fault: Problem) -> HttpResponse:
    return problems.answer(fault.kind, fault.detail, errors=fault.errors, **fault.more)


def _refused(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return problems.of_refusal(refusal)


def _stale(request: HttpRequest, stale: Stale) -> HttpResponse:
    return problems.of_refusal(stale.conflict, stale.current)


def _invalid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    errors = [{"field": _place(error["loc"]), "message": _say(error)} for error in fault.errors]
    detail = _("有 %(n)d 处填写有误，请按所列各项改正。") % {"n": len(errors)}
    return problems.answer("invalid", detail, errors=errors)


def _place(loc: Sequence[Any]) -> str:
    """The field as the asker wrote it: without the source, and without the name that a body has in our code."""
    source, *rest = loc
    if source == "body" and len(rest) > 1:
        rest = rest[1:]
    return ".".join(str(part) for part in rest)


def _say(error: dict[str, Any]) -> str:
    """The usual faults in the office's words; rare ones as the checker names them."""
    said = {
        "missing": _("必填。"),
        "extra_forbidden": _("没有这一项，请删去或核对名称。"),
        "int_parsing": _("须是整数。"),
        "int_type": _("须是整数。"),
        "string_type": _("须是文字。"),
        "bool_parsing": _("须是 true 或 false。"),
        "bool_type": _("须是 true 或 false。"),
        "list_type": _("须是列表。"),
        "string_too_long": _("文字过长。"),
        "string_too_short": _("不能为空。"),
        "greater_than_equal": _("数值过小。"),
        "less_than_equal": _("数值过大。"),
        "too_short": _("至少一项。"),
        "too_long": _("项数过多。"),
        "timezone_aware": _("时间须带时区，例如 2027-03-01T17:30:00+08:00。"),
        "literal_error": _("不在可选值之内。"),
    }
    kind = str(error.get("type", ""))
    if kind.startswith(("datetime", "date_")):
        return _("须是 ISO 8601 日期或时间，例如 2027-03-01T17:30:00+08:00。")
    return said.get(kind, str(error.get("msg", "")))


def _unreadable(request: HttpRequest, fault: HttpError) -> HttpResponse:
    if isinstance(fault.__cause__, Problem):
        return _problem(request, fault.__cause__)
    return problems.answer("bad_request", _("请求正文不是正确的 JSON，请核对引号、逗号和编码（UTF-8）。"))


def _unrecorded(request: HttpRequest, fault: Unrecorded) -> HttpResponse:
    return problems.answer("unavailable", fault.message)


def _missing(request: HttpRequest, fault: Http404) -> HttpResponse:
    return problems.answer("not_found", _("没有这个地址或对象，或您无权查看。"))


def _too_large(request: HttpRequest, fault: Exception) -> HttpResponse:
    return problems.answer("too_large", _("内容超过上限，请拆分后再提交。"))


def _failed(request: HttpRequest, fault: Exception) -> HttpResponse:
    """What nobody foresaw: everything goes to the log, nothing of it to the asker."""
    LOG.error("%s %s failed", request.method, request.path, exc_info=fault)
    return problems.answer(
        "failed", _("系统出错，已记入日志。请稍后用同一个幂等键重试；仍不成功时请联系系统管理员。")
    )


FAULTS: dict[type[Exception], Callable[..., HttpResponse]] = {
    Problem: _problem,
    Refused: _refused,
    Stale: _stale,
    ValidationError: _invalid,
    HttpError: _unreadable,
    Unrecorded: _unrecorded,
    Http404: _missing,
    RequestDataTooBig: _too_large,
    TooManyFilesSent: _too_large,
    Exception: _failed,
}
api = build()


def _told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A method that an address does not know is told like every other problem."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **given: Any) -> HttpResponseBase:
        answer = view(request, *args, **given)
        if answer.status_code != 405:
            return answer
        words = _("此地址只支持 %(methods)s。") % {"methods": answer["Allow"]}
        made = problems.answer("method_not_allowed", words)
        made["Allow"] = answer["Allow"]
        return made

    return run


def addresses() -> list[URLPattern]:
    """One address for each path of the API."""
    rows = [row for row in api.urls[0] if isinstance(row, URLPattern)]
    return [path(str(row.pattern), _told(row.callback), name=row.name) for row in rows]
