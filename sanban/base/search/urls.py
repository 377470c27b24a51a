"""Addresses of the search room; the site mounts them at its root."""

from django.urls import path

from sanban.base.search import views

app_name = "search"
urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/filters/", views.save, name="save_filter"),
    path("search/filters/<int:filter_id>/rename/", views.rename, name="rename_filter"),
    path("search/filters/<int:filter_id>/delete/", views.delete, name="delete_filter"),
]
