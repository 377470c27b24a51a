"""Addresses of the watch; the site mounts them under `watch/`."""

from django.urls import path

from sanban.base.watch import views

app_name = "watch"

urlpatterns = [
    path("refusals/", views.refusals, name="refusals"),
    path("ask/", views.ask, name="ask"),
    path("requests/", views.requests, name="requests"),
    path("requests/<int:request_id>/", views.request_page, name="request"),
    path("requests/<int:request_id>/<slug:verb>/", views.decide, name="decide"),
    path("seen/<slug:stream>/<int:object_id>/", views.seen, name="seen"),
]
