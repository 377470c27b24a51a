"""Addresses of the directory; the site mounts them under `people/`."""

from django.urls import path

from sanban.base.people import views

app_name = "people"

urlpatterns = [
    path("", views.people, name="people"),
    path("units/", views.units, name="units"),
    path("units/new/", views.new_unit, name="new_unit"),
    path("units/<int:unit_id>/", views.unit, name="unit"),
    path("units/<int:unit_id>/<slug:verb>/", views.unit_act, name="unit_act"),
    path("new/", views.new_person, name="new_person"),
    path("import/", views.import_people, name="import"),
    path("me/", views.account, name="account"),
    path("me/feed/close/", views.close_feed, name="close_feed"),
    path("me/feed/", views.reset_feed, name="reset_feed"),
    path("tokens/<int:token_id>/revoke/", views.revoke_token, name="revoke_token"),
    path("roles/<int:grant_id>/end/", views.end_role, name="end_role"),
    path("deputies/<int:row_id>/end/", views.end_deputy, name="end_deputy"),
    path("<int:person_id>/", views.person, name="person"),
    path("<int:person_id>/<slug:verb>/", views.person_act, name="person_act"),
]
