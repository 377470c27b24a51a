"""Every table follows from the ledger, or says why not; and an edit by SQL of any of its columns is named."""

import datetime
import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from sanban.base.access.actor import SYSTEM
from sanban.base.calendar.actions import publish
from sanban.base.calendar.axis import DayKind
from sanban.base.calendar.rules import NamedDay
from sanban.base.files import actions as files
from sanban.base.glass import actions as glass
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.registry import REBUILT
from sanban.base.ledger.replay import replay_difference
from sanban.base.light.actions import publish_rule
from sanban.base.light.queries import current_rule
from sanban.base.notify import actions as notify
from sanban.base.people import actions as people
from sanban.base.search import actions as search
from sanban.base.watch import actions as watch
from sanban.base.watch.numbers import Numbers
from sanban.decide.dispute import actions as disputes
from sanban.execute.task import actions as tasks
from sanban.supervise.chase.actions import publish_ladder
from sanban.supervise.chase.ladder import shipped
from sanban.supervise.chase.queries import ladder_in_force
from tests.addresses import furnished

pytestmark = pytest.mark.django_db
READINGS = {
    "access.KeptAnswer": "what a program was told, for a day",
    "access.AccessRecord": "the read log; its batches are sealed by events",
    "access.ReadBatch": "the read log",
    "access.ReadCount": "the read log",
    "access.ReadWriter": "the read log",
    "light.DayFigure": "what the clock counted of a day",
    "light.LightTick": "when the clock last looked",
    "notify.Outgoing": "the outbox of mails and calls",
    "search.SearchEntry": "the index, made anew from the ledger by its own command",
}
"""Tables that are readings of the machine and no facts of the office."""


def test_every_table_of_a_room_follows_from_the_ledger_or_is_a_reading():
    rooms = [config for config in apps.get_app_configs() if config.name.startswith("sanban.")]
    tables = {
        model._meta.label for config in rooms for model in config.get_models() if config.label != "ledger"
    }
    assert tables - REBUILT.keys() == READINGS.keys()
    assert REBUILT.keys() - tables == {"ledger.LedgerHold"}


def _other(field: Any, value: Any) -> Any:
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.JSONField):
        return '{"edited": true}'
    if isinstance(field, models.DateTimeField):
        moved = (value or datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)) + datetime.timedelta(hours=1)
        return connection.ops.adapt_datetimefield_value(moved)
    if isinstance(field, models.DateField):
        return (value or datetime.date(2026, 1, 1)) + datetime.timedelta(days=1)
    if isinstance(field, models.UUIDField):
        return "0" * 31 + "1"
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return (value or 0) + 1
    kept = value or ""
    return f"{kept[:-1]}改" if kept else "改"


def _plain(value: Any) -> Any:
    return value.hex if isinstance(value, uuid.UUID) and connection.vendor == "sqlite" else value


def _edited(row: models.Model, names: set[str]) -> None:
    """Change these columns of one row past everything that would stop it."""
    table, key = row._meta, {field.attname for field in row._meta.pk_fields}
    fields = [field for field in table.concrete_fields if field.attname in names - key]
    sets = ", ".join(f'"{field.column}" = %s' for field in fields)
    where = " AND ".join(f'"{field.column}" = %s' for field in table.pk_fields)
    values = [_other(field, getattr(row, field.attname)) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table.db_table} SET {sets} WHERE {where}",
            [*values, *(_plain(getattr(row, field.attname)) for field in table.pk_fields)],
        )


def _full_house() -> None:
    """A row in every table that an act can make."""
    office = furnished()
    things, units = office.things, office.units
    tasks.set_partners(
        office.actors["dispatcher"],
        task_id=things["ids"]["assigned"],
        partners=[units["roads"]],
        reason="配合",
    )
    tasks.forward(SYSTEM, task_id=things["ids"]["sent_back"], to_id=units["roads"], reason="属公路")
    notify.set_preferences(
        office.actors["officer"], mail_kinds=[], digest_minute=600, quiet_from=0, quiet_until=0, sms=False
    )
    disputes.publish_terms(
        office.actors["signer"],
        since=datetime.date(2027, 1, 1),
        answer_days=4,
        ruling_days=9,
        base_number=0,
        note="试行",
    )
    glass.publish_terms(office.actors["security"], minutes=30, review_days=2, base_number=0, note="试行")
    watch.publish_rules(office.actors["security"], numbers=Numbers(), base_number=0, note="照旧")
    with pytest.raises(Refused):
        tasks.acknowledge(office.actors["stranger"], task_id=things["ids"]["assigned"])
    files.share(actor=SYSTEM, file_id=things["file"], unit_ids=[units["roads"]])
    publish(
        SYSTEM, name="元旦", days=[NamedDay(datetime.date(2027, 1, 1), DayKind.HOLIDAY, "元旦")], base_number=0,
        provisional_from=None,
    )  # fmt: skip
    publish_ladder(
        office.actors["admin"],
        ladder=shipped(),
        base_number=ladder_in_force(actor=SYSTEM).number,
        note="照旧",
    )
    publish_rule(SYSTEM, rule=current_rule(actor=SYSTEM), note="照旧")
    people.add_alias(SYSTEM, unit_id=units["roads"], alias="路局")
    people.create_unit_class(
        SYSTEM, name="各厅", aliases=["各有关厅"], definite=False, member_ids=[units["roads"]]
    )
    search.save_filter(office.actors["officer"], page="task:register", name="别的", query="light=red")


def test_each_column_that_is_edited_by_sql_is_named_with_its_row():
    _full_house()
    assert replay_difference() == []
    wanted: dict[tuple[str, str], set[str]] = {}
    seen = set()
    with transaction.atomic():
        for label, one in REBUILT.items():
            row = one.table._base_manager.order_by("pk").last()
            if row is None:
                continue
            seen.add(label)
            names = {field.attname for field in one.table._meta.concrete_fields} - one.apart - set(one.key)
            names -= {field.attname for field in one.table._meta.pk_fields}
            if not names:
                continue
            _edited(row, names)
            key = one.key or [field.attname for field in one.table._meta.pk_fields]
            place = "/".join(str(_plain(getattr(row, part))) for part in key)
            wanted[one.table._meta.db_table, place] = {
                str(field.column) for field in one.table._meta.concrete_fields if field.attname in names
            }
        found = {(one.table, one.row): set(one.columns) for one in replay_difference()}
        assert found == wanted
        transaction.set_rollback(True)
    unseen = REBUILT.keys() - seen
    assert unseen <= {"access.AccessGrant", "ledger.LedgerHold"}, unseen


@pytest.mark.parametrize(
    "table", ["task_taskitem", "task_progressreport", "policy_measure", "notify_message"]
)
def test_a_row_that_is_taken_away_or_put_in_is_named(table):
    furnished()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table} ORDER BY id DESC LIMIT 1")
        (last,) = cursor.fetchone()
        cursor.execute(f"DELETE FROM {table} WHERE id = %s", [last])
        (found,) = replay_difference()
        assert (found.table, found.columns, found.live) == (table, (), ()) and found.again
        transaction.set_rollback(True)
