"""Addresses of labels; the site mounts them under `labels/`."""

from django.urls import path

from sanban.base.label import views

app_name = "label"

urlpatterns = [
    path("", views.index, name="index"),
    path("fields/", views.fields, name="fields"),
    path("<slug:stream>/<int:object_id>/", views.one, name="one"),
    path("<slug:stream>/<int:object_id>/<slug:verb>/", views.do, name="do"),
]
