from django.db import migrations

WORDS = {
    "sqlite": [
        "CREATE VIRTUAL TABLE search_words USING fts5(title, body, pairs, sound, tokenize='ascii', detail=column)"
    ],
    "postgresql": [
        "CREATE TABLE search_words (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX search_words_words ON search_words USING gin (words)",
    ],
}


def make_words(apps, schema_editor):
    for statement in WORDS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop_words(apps, schema_editor):
    schema_editor.execute("DROP TABLE search_words")


class Migration(migrations.Migration):
    """The words of the entries: an FTS5 table on SQLite, a tsvector with its index on PostgreSQL."""

    dependencies = [("search", "0001_search")]

    operations = [migrations.RunPython(make_words, drop_words)]
