"""Units, people and one's own keys for programs."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import Field

from sanban.base.access.actor import ROLES, actor_of
from sanban.base.access.readlog.recording import listed
from sanban.base.access.wire import After, Done, Limit, Listed, Operations, page, reply
from sanban.base.people import actions, queries
from sanban.base.people.queries import rows

operations = Operations("people", "机构与人员")
router = operations.router


class UnitNamed(Schema):
    """A unit."""

    id: int
    name: str


class Role(Schema):
    """A role by identifier and name."""

    id: str
    name: str


class Me(Schema):
    """Who asks, with what."""

    id: int
    name: str
    unit: UnitNamed
    roles: list[Role]
    clearance: int
    scopes: list[str]
    on_behalf: bool = Field(description="是否正在代理他人")


class UnitRow(Schema):
    """A unit in the order of the tree."""

    id: int
    code: str
    name: str
    short: str
    kind: str
    parent_id: int | None
    depth: int
    people: int
    version: int


class Candidate(Schema):
    """A unit that a text may mean."""

    id: int
    name: str
    matched: str


class PersonRow(Schema):
    """A person of the directory."""

    id: int
    name: str
    post: str
    unit: UnitNamed


class TokenRow(Schema):
    """A personal key; the key itself is shown once, where it is made."""

    id: int
    name: str
    scopes: list[str]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    version: int


@operations.read("/me", name="me", summary="我是谁", answer=Me)
def me(request: HttpRequest) -> HttpResponse:
    """令牌背后的人员、单位、角色和权限范围。"""
    actor = actor_of(request)
    return reply(
        {
            "id": actor.person_id,
            "name": actor.name,
            "unit": {"id": actor.unit_id, "name": actor.unit_name},
            "roles": [{"id": key, "name": name} for key, name in ROLES.items() if key in actor.roles],
            "clearance": actor.clearance,
            "scopes": sorted(getattr(request, "scopes", ())),
            "on_behalf": bool(actor.on_behalf_of),
        }
    )


@operations.read("/units", name="units", summary="单位树", answer=Listed[UnitRow])
def units(request: HttpRequest) -> HttpResponse:
    """全部在册单位，按树的次序，一次给全。"""
    return page(
        {
            "id": unit.pk,
            "code": unit.code,
            "name": unit.name,
            "short": unit.short,
            "kind": unit.kind,
            "parent_id": unit.parent_id,
            "depth": depth,
            "people": count,
            "version": unit.version,
        }
        for unit, depth, count in queries.unit_tree(actor=actor_of(request))
    )


@operations.read(
    "/units/candidates", name="unit_candidates", summary="按名称找单位", answer=Listed[Candidate]
)
def unit_candidates(
    request: HttpRequest,
    q: Annotated[str, Query(..., min_length=1, max_length=120, description="全称、简称、别名、旧称或类名")],
) -> HttpResponse:
    """一段文字可能指哪些单位，确切的在前，最多 8 个。"""
    found = queries.unit_candidates(actor=actor_of(request), text=q)
    return page({"id": key, "name": name, "matched": matched} for key, name, matched in found)


@operations.read("/people", name="people", summary="找人", answer=Listed[PersonRow])
def people(
    request: HttpRequest,
    after: After,
    limit: Limit,
    q: Annotated[str, Query("", max_length=60, description="姓名、职务或单位所含文字")],
    unit: Annotated[int | None, Query(None)],
) -> HttpResponse:
    """在岗人员。"""
    found, following = rows.people_rows(
        actor=actor_of(request), text=q, unit_id=unit, after=after, limit=limit
    )
    listed(request, "person", found)
    return page(found, following)


@operations.read("/tokens", name="tokens", summary="我的令牌", answer=Listed[TokenRow])
def tokens(request: HttpRequest) -> HttpResponse:
    """本人的令牌，含已吊销的；令牌本身只在新建时显示一次。"""
    actor = actor_of(request)
    found = queries.tokens_of(actor=actor, person_id=actor.person_id or 0)
    return page(
        {
            "id": row.pk,
            "name": row.name,
            "scopes": row.scopes,
            "made_at": row.made_at,
            "expires_at": row.expires_at,
            "revoked_at": row.revoked_at,
            "version": row.version,
        }
        for row in found
    )


@operations.write("/tokens/{token_id}/revoke", name="revoke_token", summary="吊销令牌", answer=Done)
def revoke_token(request: HttpRequest, token_id: int) -> HttpResponse:
    """吊销本人的令牌（也可以是正在使用的这一个），立即生效。"""
    actor = actor_of(request)
    actions.revoke_token(actor, token_id=token_id)
    own = queries.tokens_of(actor=actor, person_id=actor.person_id or 0)
    version = next((row.version for row in own if row.pk == token_id), 0)
    return reply({"id": token_id, "version": version}, version=version)
