"""Addresses of policies; the site mounts them under `policies/`."""

from django.urls import path

from sanban.decide.policy import views

app_name = "policy"

urlpatterns = [
    path("", views.index, name="index"),
    path("<int:policy_id>/", views.detail, name="detail"),
]
