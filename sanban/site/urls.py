"""Addresses: each room's own, mounted by a list, never by name of one page."""

from importlib import import_module

from django.conf import settings
from django.urls import include, path
from django.utils.module_loading import module_has_submodule

MOUNTS = {
    "sanban.base.ui": "ui/",
    "sanban.base.calendar": "calendar/",
    "sanban.base.people": "people/",
    "sanban.base.files": "",
    "sanban.base.search": "",
    "sanban.base.notify": "",
    "sanban.base.watch": "watch/",
    "sanban.base.label": "labels/",
    "sanban.base.glass": "glass/",
    "sanban.decide.policy": "policies/",
    "sanban.decide.dispute": "disputes/",
    "sanban.execute.task": "tasks/",
    "sanban.supervise.chase": "chase/",
    "sanban.study.assistant": "assistant/",
    "sanban.desk": "",
}
urlpatterns = [path("account/", include("allauth.urls"))]
urlpatterns += [
    path(prefix, include(f"{room}.urls"))
    for room, prefix in MOUNTS.items()
    if room in settings.INSTALLED_APPS and module_has_submodule(import_module(room), "urls")
]
