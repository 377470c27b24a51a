"""A table that may hold work secrets seals every column in which people write; the others are named, with reasons."""

from typing import Any

from django.apps import apps
from django.db import models

from sanban.base.access.registry import mirrors, owned, parts, subjects
from sanban.base.ledger.kept import Kept, kept_tables, sealed_names
from sanban.base.vault.columns import Sealed

SHORT = 40
"""Shorter columns hold states, kinds, references and numbers."""
IDS, NAMES = "ids of files or units", "who acted, by name"
CLEAR = {
    "files": IDS, "answer_files": IDS, "partners": IDS, "basis": "ids of events and digests of heads",
    "signer_name": NAMES, "arbiter_name": NAMES, "person_name": NAMES, "person_unit": NAMES,
    "doc_number": "a number", "object_number": "a number", "number": "a number", "code": "a number",
    "address": "an address of this site", "object_url": "an address of this site", "link": "an address of this site",
    "arg": "the part of an address", "media_type": "a kind of file", "sha256": "a digest", "sm3": "a digest",
    "text_sha256": "a digest", "gaps": "places in a text", "event": "a kind of event", "act": "the name of an act",
    "words": "a pattern of the code", "many": "a pattern of the code",
    "flags": "names of the code", "lower_flags": "names of the code",
    "plain": "empty for a secret", "initials": "empty for a secret", "pinyin": "empty for a secret",
}  # fmt: skip
OF_THE_INDEX = {"plain", "initials", "pinyin"}


def _tables() -> set[type[models.Model]]:
    walled: list[Any] = [*subjects(), *parts(), *mirrors()]
    return {one.model for one in walled} | {table for table, _node in owned()} | set(kept_tables())


def _written(table: type[models.Model]) -> set[str]:
    """The columns in which there is room for a sentence."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    fields: list[Any] = [field for field in table._meta.concrete_fields if isinstance(field, kinds)]
    return {field.attname for field in fields if (field.max_length or SHORT + 1) > SHORT}


def test_every_table_that_may_hold_secrets_seals_what_people_write() -> None:
    used = set()
    for table in _tables():
        assert issubclass(table, Kept) or not _written(table), table
        open_ones = _written(table) - set(sealed_names(table))
        assert open_ones <= CLEAR.keys(), (table, open_ones - CLEAR.keys())
        if table._meta.db_table != "search_searchentry":
            assert not open_ones & OF_THE_INDEX, table
        used |= open_ones
    assert used == CLEAR.keys()


def test_a_sealed_column_stands_in_a_table_that_knows_whose_key_it_falls_under() -> None:
    for table in apps.get_models():
        if any(isinstance(field, Sealed) for field in table._meta.concrete_fields):
            assert issubclass(table, Kept), table
            assert table._default_manager.__class__.__name__ == "ManagerFromKeptRows", table
            names = {field.attname for field in table._meta.concrete_fields}
            assert set(table.sealed_under.needs) <= names, table
