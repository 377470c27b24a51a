"""Laws of the model graph, walked through Django's app registry so that string keys are seen too."""

from io import StringIO

import pytest
from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.db.models import ForeignKey, ManyToManyField

from tests.laws.exempt import remaining
from tests.laws.model_checkers import Key, cycles, import_edges, keys, migration_name, room_sizes
from tests.laws.source import Room, python_sources, room_of_module

pytestmark = pytest.mark.law


def _rooms() -> dict[str, Room]:
    found = {config.label: room_of_module(config.name) for config in apps.get_app_configs()}
    return {label: room for label, room in found.items() if room is not None}


def _keys() -> list[Key]:
    rooms = _rooms()
    found = []
    for model in apps.get_models(include_auto_created=True):
        owner_room = rooms.get(model._meta.app_label)
        if owner_room is None:
            continue
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField) and field.model is model:
                target = field.related_model._meta
                rule = getattr(field.remote_field, "on_delete", None)
                found.append(
                    Key(
                        model._meta.label,
                        field.name,
                        owner_room,
                        target.label,
                        rooms.get(target.app_label),
                        field.remote_field.related_name,
                        rule.__name__ if rule else "PROTECT",
                    )
                )
    return found


def test_keys_between_rooms_point_down_and_protect() -> None:
    assert remaining(keys(_keys())) == []


def test_keys_and_imports_together_make_no_ring_of_rooms() -> None:
    by_key = {(key.owner_room, key.target_room) for key in _keys() if key.target_room is not None}
    assert cycles(by_key | import_edges(python_sources())) == []


def test_no_room_is_too_big_and_no_model_takes_a_word_of_another_meaning() -> None:
    rooms = _rooms()
    models: dict[Room, list[str]] = {}
    for model in apps.get_models():
        if model._meta.app_label in rooms:
            models.setdefault(rooms[model._meta.app_label], []).append(model.__name__)
    assert models, "no room has a model: the walk saw nothing"
    assert remaining(room_sizes(models)) == []


def test_app_label_is_the_name_of_the_room() -> None:
    wrong = [
        config.name
        for config in apps.get_app_configs()
        if isinstance(config, AppConfig) and config.name.startswith("sanban.")
        if config.label != config.name.rpartition(".")[2]
    ]
    assert wrong == []


def test_migrations_say_what_they_do_and_none_is_a_merge() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    rooms = _rooms()
    breaches = []
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in rooms:
            parents = sum(1 for parent, _name in migration.dependencies if parent == app)
            breaches += migration_name(app, name, migration.suggest_name(), parents)
    assert remaining(breaches) == []


@pytest.mark.django_db
def test_no_model_waits_for_a_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except SystemExit:
        pytest.fail(f"models differ from their migrations:\n{said.getvalue()}")
