"""Addresses of the calendar; the site mounts them under `calendar/`."""

from django.urls import path

from sanban.base.calendar import views

app_name = "calendar"

urlpatterns = [
    path("", views.year, name="year"),
    path("publish/", views.publish, name="publish"),
]
