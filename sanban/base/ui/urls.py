"""Addresses of the design system; the site mounts them under `ui/`."""

from django.urls import path

from sanban.base.ui import views

app_name = "ui"

urlpatterns = [
    path("look/", views.look, name="look"),
    path("style/", views.styleguide, name="styleguide"),
]
