"""Addresses of the messages room."""

from django.urls import path

from sanban.base.notify import views

app_name = "notify"
urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/read/", views.read_all, name="read_all"),
    path("inbox/settings/", views.preferences, name="preferences"),
    path("inbox/<uuid:message_id>/open/", views.open_message, name="open"),
]
