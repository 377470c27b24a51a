"""Laws of templates, addresses, tracked text and the import contracts themselves."""

import tomllib

import pytest
from django.apps import apps

from tests.laws import template_checkers
from tests.laws.exempt import remaining
from tests.laws.source import (
    ROOT,
    TEMPLATE_FOLDER,
    Room,
    python_sources,
    room_of_module,
    templates,
    text_files,
    tracked_files,
)

pytestmark = pytest.mark.law


def _rooms() -> dict[str, Room]:
    found = {config.label: room_of_module(config.name) for config in apps.get_app_configs()}
    return {label: room for label, room in found.items() if room is not None}


def _room_of(path: str) -> Room:
    room = room_of_module(".".join(path.split("/")[:3]))
    assert room is not None, f"{path}: a template belongs to a room"
    return room


def test_templates_refer_to_their_own_room_or_a_lower_one() -> None:
    rooms = _rooms()
    assert (
        remaining(
            breach
            for path, text in templates()
            for breach in template_checkers.references(path, text, _room_of(path), rooms)
        )
        == []
    )


def test_code_names_addresses_of_its_own_room_or_a_lower_one() -> None:
    rooms = _rooms()
    sources = [source for source in python_sources() if source.path.startswith("sanban/")]
    assert remaining(b for source in sources for b in template_checkers.python_addresses(source, rooms)) == []


def test_templates_work_under_the_content_security_policy() -> None:
    assert remaining(b for path, text in templates() for b in template_checkers.scripting(path, text)) == []


def test_every_form_that_posts_carries_its_token() -> None:
    assert remaining(b for path, text in templates() for b in template_checkers.forms(path, text)) == []


def test_templates_of_a_room_lie_in_a_folder_of_its_name() -> None:
    astray = [
        path
        for path, _text in templates()
        if _room_of(path).name and TEMPLATE_FOLDER.split(path)[1].split("/")[0] != _room_of(path).name
    ]
    shared = {"account", "mfa", "socialaccount", "allauth", "registration"}
    errors = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html"}
    desk = "sanban/desk/jinja2/desk/"  # the desk is one app: its sub-packages have pages but no rows
    outside = [
        path
        for path in astray
        if TEMPLATE_FOLDER.split(path)[1].split("/")[0] not in shared | errors and not path.startswith(desk)
    ]
    assert outside == []


def test_no_tracked_file_names_a_registry_host_or_a_path_of_one_machine() -> None:
    assert (
        remaining(b for path, text in text_files() for b in template_checkers.outside_words(path, text)) == []
    )


def test_every_wing_is_a_package_and_stands_in_the_contracts() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contracts = {contract["id"]: contract for contract in settings["contracts"]}
    wings = {
        path.split("/")[1] for path in tracked_files() if path.startswith("sanban/") and path.count("/") > 1
    } - {"locale"}
    for wing in wings:
        assert f"sanban/{wing}/__init__.py" in tracked_files(), f"sanban/{wing} has no __init__.py"
    listed = {layer.strip("()") for layer in contracts["wings"]["layers"]}
    assert wings <= listed
    with_rooms = wings - {"site", "demo"}
    assert {f"sanban.{wing}.*" for wing in with_rooms} <= set(contracts["room-files"]["containers"])
    assert ("open" in wings) <= ("open-is-outside" in contracts), "the open wing needs its forbidden contract"
