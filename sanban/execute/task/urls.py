"""Addresses of the task room."""

from django.urls import path

from sanban.execute.task import views

app_name = "task"
urlpatterns = [
    path("", views.register, name="register"),
    path("new/", views.assign, name="assign"),
    path("import/", views.import_tasks, name="import"),
    path("import/template.xlsx", views.import_template, name="import_template"),
    path("import/<int:file_id>/", views.import_list, name="import_list"),
    path("import/<int:file_id>/verdicts.xlsx", views.import_verdicts, name="import_verdicts"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/<slug:verb>/", views.do, name="do"),
]
