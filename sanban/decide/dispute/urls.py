"""Addresses of disputes; the site mounts them under `disputes/`."""

from django.urls import path

from sanban.decide.dispute import views

app_name = "dispute"

urlpatterns = [
    path("", views.index, name="index"),
    path("terms/", views.terms, name="terms"),
    path("open/", views.open_form, name="open"),
    path("<int:dispute_id>/", views.detail, name="detail"),
    path("<int:dispute_id>/<str:verb>/", views.do, name="do"),
]
