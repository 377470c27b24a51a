"""Addresses of the files room."""

from django.urls import path

from sanban.base.files import views

app_name = "files"
urlpatterns = [
    path("files/", views.index, name="index"),
    path("files/<int:file_id>/", views.detail, name="detail"),
    path("files/<int:file_id>/versions/", views.add_version, name="add_version"),
    path("files/<int:file_id>/purpose/", views.state_purpose, name="purpose"),
    path("files/<int:file_id>/versions/<int:no>/download/", views.download, name="download"),
    path("files/<int:file_id>/versions/<int:no>/release/", views.release, name="release"),
]
