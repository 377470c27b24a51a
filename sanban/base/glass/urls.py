"""Addresses of emergency readings; the site mounts them under `glass/`."""

from django.urls import path

from sanban.base.glass import views

app_name = "glass"

urlpatterns = [
    path("", views.index, name="index"),
    path("ask/", views.ask, name="ask"),
    path("terms/", views.terms, name="terms"),
    path("<int:sight_id>/", views.one, name="one"),
    path("<int:sight_id>/<slug:verb>/", views.decide, name="decide"),
]
