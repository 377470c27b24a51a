"""Addresses of the desk."""

from django.urls import include, path

from sanban.desk.api_root import views as api_pages
from sanban.desk.api_root.mount import addresses
from sanban.desk.cockpit import views as cockpit
from sanban.desk.compliance import views as compliance
from sanban.desk.evidence import erasures, mirror
from sanban.desk.evidence import views as evidence
from sanban.desk.feed import views as feed
from sanban.desk.operations import views as operations
from sanban.desk.palette import views as palette
from sanban.desk.permissions import views as permissions
from sanban.desk.todo import views as todo

app_name = "desk"
urlpatterns = [
    path("", cockpit.cockpit, name="cockpit"),
    path("todo/", todo.todo, name="todo"),
    path("feeds/<slug:token>.ics", feed.feed, name="feed"),
    path("palette/", palette.palette, name="palette"),
    path("health", operations.health, name="health"),
    path("operations/", operations.operations, name="operations"),
    path("operations/index/", operations.rebuild, name="rebuild_index"),
    path("compliance/", compliance.compliance, name="compliance"),
    path("permissions/", permissions.index, name="permissions"),
    path("permissions/sanban.cedar", permissions.policy_set, name="permissions_text"),
    path("permissions/<str:name>/", permissions.rule, name="permission"),
    path("evidence/", evidence.index, name="evidence"),
    path("evidence/policy.txt", evidence.policy, name="evidence_policy"),
    path("evidence/head/<slug:log>.txt", evidence.head, name="evidence_head"),
    path("log/<slug:log>/<slug:suite>/checkpoint", mirror.checkpoint, name="mirror_checkpoint"),
    path("log/<slug:log>/<slug:suite>/tile/<path:path>", mirror.tile, name="mirror_tile"),
    path("evidence/erasures/", erasures.erasures, name="erasures"),
    path("evidence/audit/", evidence.audit, name="evidence_audit"),
    path("evidence/<slug:stream>/<int:object_id>/", evidence.of, name="evidence_of"),
    path("evidence/<slug:stream>/<int:object_id>/bundle/", evidence.bundle, name="evidence_bundle"),
    path("api/v1/docs", api_pages.docs, name="api_docs"),
    path("api/v1/openapi.json", api_pages.openapi, name="openapi"),
    path("api/v1/", include((addresses(), "api"))),
    path("api/v1/<path:rest>", api_pages.unknown, name="api_unknown"),
]
