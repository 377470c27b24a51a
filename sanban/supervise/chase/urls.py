"""Addresses of supervision; the site mounts them under `chase/`."""

from django.urls import path

from sanban.supervise.chase import views

app_name = "chase"

urlpatterns = [
    path("", views.register, name="register"),
    path("to-sign/", views.to_sign, name="to_sign"),
    path("ladder/", views.ladder, name="ladder"),
    path("task/<int:task_id>/urge/", views.urge, name="urge"),
    path("task/<int:task_id>/propose/", views.propose, name="propose"),
    path("<int:slip_id>/", views.detail, name="detail"),
    path("<int:slip_id>/<str:verb>/", views.decide, name="decide"),
]
