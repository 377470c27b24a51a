"""Changing units, people, roles, deputies and keys. Every act is in the ledger; names are in the directory only."""

from sanban.base.people.actions.directory import (
    create_people,
    create_person,
    import_people,
    leave,
    set_clearance,
    update_person,
)
from sanban.base.people.actions.door import (
    record_failure,
    record_password,
    record_sign_in,
    record_sign_out,
    set_password,
    set_passwords,
)
from sanban.base.people.actions.keys import close_feed, make_token, reset_feed, revoke_token
from sanban.base.people.actions.roles import appoint_deputy, end_deputy, end_role, grant_role
from sanban.base.people.actions.units import (
    add_alias,
    create_unit,
    create_unit_class,
    create_units,
    merge_unit,
    move_unit,
    rename_unit,
)

__all__ = [
    "add_alias",
    "appoint_deputy",
    "close_feed",
    "create_people",
    "create_person",
    "create_unit",
    "create_unit_class",
    "create_units",
    "end_deputy",
    "end_role",
    "grant_role",
    "import_people",
    "leave",
    "make_token",
    "merge_unit",
    "move_unit",
    "record_failure",
    "record_password",
    "record_sign_in",
    "record_sign_out",
    "rename_unit",
    "reset_feed",
    "revoke_token",
    "set_clearance",
    "set_password",
    "set_passwords",
    "update_person",
]
