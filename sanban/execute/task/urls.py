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
    path("export.xlsx", views.export_workbook, name="export_workbook"),
    path("export.csv", views.export_csv, name="export_csv"),
    path("bulk/", views.bulk, name="bulk"),
    path("units/", views.units, name="units"),
    path("<str:number>/", views.detail, name="detail"),
    path("<str:number>/break-down/", views.break_down, name="break_down"),
    path("<str:number>/<slug:verb>/", views.do, name="do"),
]
