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
    path("cases/", views.cases, name="cases"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("rules/", views.rules_page, name="rules"),
    path("baits/", views.set_bait, name="set_bait"),
    path("baits/<int:bait_id>/lift/", views.lift_bait, name="lift_bait"),
    path("step-up/", views.step_up, name="step_up"),
    path("seen/<slug:stream>/<int:object_id>/", views.seen, name="seen"),
]
