"""Addresses of the desk."""

from django.urls import path

from sanban.desk.cockpit import views as cockpit
from sanban.desk.operations import views as operations
from sanban.desk.todo import views as todo

app_name = "desk"
urlpatterns = [
    path("", cockpit.cockpit, name="cockpit"),
    path("todo/", todo.todo, name="todo"),
    path("health", operations.health, name="health"),
]
