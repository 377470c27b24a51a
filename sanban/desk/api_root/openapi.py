"""The description of the API, OpenAPI 3.1: what ninja draws from the operations, and what holds for all of them."""

import re
from functools import cache
from typing import Any

import orjson
from django.utils.translation import override

from sanban.base.access.problems import CONTENT_TYPE, TYPES
from sanban.desk.api_root.door import SECURITY
from sanban.desk.api_root.mount import PREFIX, api

DESCRIPTION = """\
页面上能办的事，程序都能办。身份用个人令牌：`Authorization: Bearer sb_…`，权限范围 read（查）、write（办）。

- 列表按游标翻页：`?after=<next>&limit=1..100`，返回 `{items, next}`，`next` 为空串即到末页。
- 写操作可带 `version` 或 `If-Match`；他人已改动时返回 409，并附现状。
- 写操作可带 `Idempotency-Key`：同键同内容只办一次，24 小时内重发得到原答复（`Idempotent-Replay: true`）。
- 出错一律为 application/problem+json，中文或英文按 `Accept-Language`。
- 时间为 ISO 8601 并带时区；返回的时间均为 UTC。
"""
READ_FAULTS = ("unauthorized", "scope", "not_found", "invalid")
WRITE_FAULTS = (
    "bad_request", "unauthorized", "denied", "not_found", "conflict", "too_large", "unsupported_media", "refused",
)  # fmt: skip
PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors", "lang"],
    "properties": {
        "type": {"type": "string", "description": "问题种类的地址，最后一段为种类标识"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "错在何处、如何改正"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
        "lang": {"type": "string"},
        "version": {"type": ["integer", "null"], "description": "409：现在的版本"},
        "current": {"type": "object", "description": "409：对象现状"},
    },
    "example": {
        "type": "/api/v1/docs#problem-refused",
        "title": "不能这样办理",
        "status": 422,
        "detail": "进度应在 0 到 100 之间。",
        "errors": [{"field": "progress", "message": "进度应在 0 到 100 之间。"}],
        "lang": "zh-hans",
    },
}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "同一键的同一请求只办一次，保留 24 小时；建议用 UUID。",
    "schema": {"type": "string", "maxLength": 100},
    "example": "0f9f3e0e-7c1c-4f0e-9a35-4a6d0a3d9d11",
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "上次返回的 ETag；与正文中的 version 作用相同。",
    "schema": {"type": "string"},
    "example": '"7"',
}


@cache
def description() -> dict[str, Any]:
    """The whole description as plain values, in the office's language whoever asks first."""
    with override("zh-hans"):
        return _drawn()


def _drawn() -> dict[str, Any]:
    made: dict[str, Any] = orjson.loads(
        orjson.dumps(
            dict(api.get_openapi_schema(path_prefix=PREFIX)), default=str, option=orjson.OPT_NON_STR_KEYS
        )
    )
    made["info"]["description"] = DESCRIPTION
    made["servers"] = [{"url": "/"}]
    components = made["components"]
    components["schemas"]["Problem"] = PROBLEM
    components["securitySchemes"] = SECURITY
    components["responses"] = {kind: _response(kind) for kind in TYPES}
    for methods in made["paths"].values():
        for method, operation in methods.items():
            _complete(method, operation, components["schemas"])
    return made


@cache
def written() -> bytes:
    """The description as JSON."""
    return orjson.dumps(description())


def _complete(method: str, operation: dict[str, Any], shapes: dict[str, Any]) -> None:
    """What every operation shares: its scope, the ways it fails, its headers."""
    scope = operation["x-scope"]
    operation["security"] = [{"token": [scope]}, {"session": []}]
    operation["description"] = (operation.get("description", "") + f"\n\n权限范围：`{scope}`。").strip()
    for kind in READ_FAULTS if method == "get" else WRITE_FAULTS:
        operation["responses"].setdefault(str(TYPES[kind][0]), {"$ref": f"#/components/responses/{kind}"})
    if method == "post":
        headers = [IDEMPOTENCY, IF_MATCH] if _versioned(operation, shapes) else [IDEMPOTENCY]
        operation.setdefault("parameters", []).extend(headers)


def _versioned(operation: dict[str, Any], shapes: dict[str, Any]) -> bool:
    """Whether the body of an operation takes the version that the asker saw."""
    said = orjson.dumps(operation.get("requestBody", {})).decode()
    names = re.findall(r'"#/components/schemas/([^"]+)"', said)
    return '"version":' in said or any("version" in shapes[name].get("properties", {}) for name in names)


def _response(kind: str) -> dict[str, Any]:
    status, title = TYPES[kind]
    return {
        "description": str(title),
        "content": {
            CONTENT_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": PROBLEM["example"]
                | {
                    "type": f"{PREFIX}/docs#problem-{kind}",
                    "title": str(title),
                    "status": status,
                    "errors": [],
                },
            }
        },
    }
