"""Addresses of the assistant; the site mounts them under `assistant/`."""

from django.urls import path

from sanban.study.assistant import views

app_name = "assistant"

urlpatterns = [
    path("", views.upload, name="upload"),
    path("<int:policy_id>/", views.review, name="review"),
    path("<int:policy_id>/confirm/", views.confirm, name="confirm"),
    path("<int:policy_id>/add/", views.add, name="add"),
    path("<int:policy_id>/settle/", views.settle, name="settle"),
    path("<int:policy_id>/dispatch/", views.dispatch_page, name="dispatch"),
    path("measures/<int:measure_id>/edit/", views.edit, name="edit"),
    path("measures/<int:measure_id>/reject/", views.reject, name="reject"),
]
