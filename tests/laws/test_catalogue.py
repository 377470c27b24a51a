"""The English catalogue keeps its laws, and the laws can bite."""

import polib
import pytest

from tests.laws.catalogue_checkers import catalogue
from tests.laws.catalogue_words import CATALOGUE, held, in_django_template, in_python, in_template, words
from tests.laws.exempt import remaining
from tests.laws.source import ROOT, tracked_files

pytestmark = pytest.mark.law
COMPILED = CATALOGUE.with_suffix(".mo")
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def test_every_catalogue_in_the_house_is_complete() -> None:
    files = [name for name in tracked_files() if name.endswith("/LC_MESSAGES/django.po")]
    assert (
        remaining(b for name in files for b in catalogue(name, (ROOT / name).read_text(encoding="utf-8")))
        == []
    )


def test_the_catalogue_holds_every_word_of_the_house_and_no_other() -> None:
    assert sorted(set(words()) - held()) == [], "run bin/catalogue and write the English of what it added"
    assert sorted(held() - set(words())) == [], "run bin/catalogue: these words are said no more"


def test_the_compiled_catalogue_says_what_the_written_one_says() -> None:
    compiled = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in polib.mofile(str(COMPILED))}
    written = {entry.msgid: entry.msgstr or entry.msgstr_plural for entry in polib.pofile(str(CATALOGUE))}
    assert compiled == written, "run bin/catalogue"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("from django.utils.translation import gettext as say\nsay('甲' '乙')\nother('丙')", [("甲乙", "")]),
        (
            "from django.utils.translation import ngettext\nngettext('%(n)d 件', '%(n)d 件们', 2)",
            [("%(n)d 件", "%(n)d 件们")],
        ),
        ("from django.utils.translation import gettext_lazy as _\n_(name)", []),
    ],
)
def test_words_of_a_module_are_found_by_whatever_name_it_calls(
    text: str, found: list[tuple[str, str]]
) -> None:
    assert list(in_python(text)) == found


def test_words_of_a_template_are_found_with_their_places() -> None:
    words = [("确定", ""), ("%(n)s 件", "%(n)s 项"), ("共 %(all)s", "")]
    counted = (
        "{% trans n=k|length %}{{ n }} 件{% pluralize %}{{ n }} 项{% endtrans %}{{ _('共 %(all)s', all=n) }}"
    )
    assert list(in_template("{% set yes = _('确定') %}" + counted)) == words
    counted = "{% blocktranslate count n=k %}{{ n }} 件{% plural %}{{ n }} 项{% endblocktranslate %}"
    text = "{% load i18n %}{% translate '确定' as yes %}" + counted
    assert list(in_django_template(text)) == words[:2]


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
