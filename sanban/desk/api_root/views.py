"""The description for programs, the same for people, and the answer to an unknown address of the API."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET

from sanban.base.access import problems
from sanban.desk.api_root.openapi import description, written

METHODS = ("get", "post")


@require_GET
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    return HttpResponse(written(), content_type="application/json")


@require_GET
@login_required
def docs(request: HttpRequest) -> HttpResponse:
    """All operations by room, the kinds of problem, and how to begin; drawn by the server, without script."""
    said = description()
    groups: dict[str, list[dict[str, object]]] = {}
    for path, methods in said["paths"].items():
        for method in METHODS:
            if method in methods:
                line = _line(path, method, methods[method])
                groups.setdefault(methods[method]["tags"][0], []).append(line)
    context = {
        "title": _("接口说明"),
        "subtitle": f"OpenAPI {said['openapi']} · {said['info']['version']}",
        "groups": groups,
        "problems": [(kind, status, title) for kind, (status, title) in problems.TYPES.items()],
    }
    return render(request, "desk/api_docs.html", context)


@csrf_exempt
def unknown(request: HttpRequest, rest: str) -> HttpResponse:
    """An address that is not there is told like every other problem."""
    return problems.answer("not_found", _("没有这个接口地址，请查看 /api/v1/docs。"))


def _line(path: str, method: str, operation: dict[str, object]) -> dict[str, object]:
    parameters = operation.get("parameters", [])
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "scope": operation["x-scope"],
        "queries": [row["name"] for row in parameters if row["in"] == "query"],  # type: ignore[attr-defined]
    }
