"""Addresses of the task room."""

from django.urls import path

from sanban.execute.task import views

app_name = "task"
urlpatterns = [
    path("", views.register, name="register"),
    path("new/", views.assign, name="assign"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/<slug:verb>/", views.do, name="do"),
]
