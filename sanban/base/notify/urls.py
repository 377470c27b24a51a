"""Addresses of the messages room."""

from django.urls import path

from sanban.base.notify import views

app_name = "notify"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/settings/", views.preferences, name="preferences"),
    path("webhooks/", views.webhooks, name="webhooks"),
    path("webhooks/<int:endpoint_id>/", views.webhook, name="webhook"),
    path(
        "webhooks/<int:endpoint_id>/disable/", views.do_webhook, {"verb": "disable"}, name="disable_webhook"
    ),
    path("webhooks/<int:endpoint_id>/try/", views.do_webhook, {"verb": "try"}, name="try_webhook"),
    path("inbox/<uuid:message_id>/open/", views.open_message, name="open"),
]
