"""The English catalogue keeps its laws, and the laws can bite."""

import pytest

from tests.laws.catalogue_checkers import catalogue
from tests.laws.exempt import remaining
from tests.laws.source import ROOT, tracked_files

pytestmark = pytest.mark.law
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_every_catalogue_in_the_house_is_complete() -> None:
    files = [name for name in tracked_files() if name.endswith("/LC_MESSAGES/django.po")]
    assert (
        remaining(b for name in files for b in catalogue(name, (ROOT / name).read_text(encoding="utf-8")))
        == []
    )


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "交办"\nmsgstr ""\n', "has no English"),
        ('#, fuzzy\nmsgid "交办"\nmsgstr "Assign"\n', "is fuzzy: nobody has agreed to it"),
        ('msgid "共 %(n)s 件"\nmsgstr "%(m)s items"\n', "has other places for values than the Chinese"),
        ('msgid "交办{title}"\nmsgstr "Assigned"\n', "has other places for values than the Chinese"),
        ('msgid "交办"\nmsgstr "交办"\n', "has Chinese in its English"),
    ],
)
def test_an_entry_that_misleads_is_named(entry: str, fault: str) -> None:
    assert [b.text.partition("” ")[2] for b in catalogue("en.po", HEAD + entry)] == [fault]


def test_a_good_entry_passes() -> None:
    assert catalogue("en.po", HEAD + 'msgid "共 %(n)s 件"\nmsgstr "%(n)s items"\n') == []
