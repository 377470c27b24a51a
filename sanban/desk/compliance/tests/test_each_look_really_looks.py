"""Every look of the self-check holds when the thing is right, and does not when the thing is broken."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection

from sanban.base import clock
from sanban.base.access.actor import SYSTEM, Actor
from sanban.base.access.models import AccessRecord
from sanban.base.access.registry import Subject
from sanban.base.ledger import guards
from sanban.base.ledger.ids import first_id_of
from sanban.base.ledger.models import (
    LedgerAudit,
    LedgerCheckpoint,
    LedgerContent,
    LedgerEvent,
    LedgerHead,
    LedgerPending,
    LedgerWitness,
)  # fmt: skip
from sanban.base.ledger.registry import EVENTS, REBUILT
from sanban.base.ledger.tlog import sequencer
from sanban.base.people import actions as people
from sanban.base.people.models import Person, RoleGrant
from sanban.base.people.queries import checkup
from sanban.base.vault.boxes import keyring, scope_of, seal
from sanban.desk.compliance import drills, on_records, queries
from sanban.desk.compliance.controls import CONTROLS
from sanban.execute.task.models import TaskItem
from sanban.execute.task.tests.office import Office, assigned, open_office

pytestmark = pytest.mark.django_db
AUDITOR = Actor(ref="a", roles=frozenset({"auditor"}))


@dataclass
class House:
    """An office with its folder, and the settings as they may be changed."""

    office: Office
    settings: Any
    patch: pytest.MonkeyPatch

    @property
    def var(self) -> Path:
        return Path(self.settings.SANBAN_VAR)


@pytest.fixture
def house(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    settings.SANBAN_VAR = tmp_path
    made = House(open_office(), settings, monkeypatch)
    assigned(made.office)
    return made


def looked(name: str) -> bool | None:
    found = queries.review(actor=AUDITOR)
    looks = [look for _f, part in found.families for one in part for look in one.looks if look.name == name]
    assert looks and all(look.words for look in looks)
    return looks[0].held


def put(name: str, value: Any) -> Callable[[House], object]:
    return lambda house: setattr(house.settings, name, value)


def without(entry: str) -> Callable[[House], object]:
    return lambda h: setattr(h.settings, "MIDDLEWARE", [one for one in h.settings.MIDDLEWARE if one != entry])


def _late_fields(house: House) -> None:
    house.patch.setattr("sanban.base.label.rules.today", lambda: date(2030, 1, 1))


def well(_house: House) -> None:
    """Nothing to do: it holds in the office as it is opened."""


def everybody(**values: Any) -> Callable[[House], object]:
    return lambda _house: Person.objects.update(**values)


def somebody(**values: Any) -> Callable[[House], object]:
    return lambda _house: Person.objects.filter(pk=_first().pk).update(**values)


def _first() -> Person:
    return Person.objects.order_by("pk").first()


def _all_roles(_house: House) -> None:
    """Three more people, each one of the three administrators, and a role for everybody."""
    now = clock.now()
    RoleGrant.objects.filter(role__in=("admin", "security", "auditor")).delete()
    spare = list(Person.objects.order_by("pk"))
    for number, person in enumerate(spare):
        role = ("admin", "security", "auditor")[number] if number < 3 else "officer"
        RoleGrant.objects.create(id=10**15 + number, person=person, role=role, since=now, granted_by="t")


def _two_hats(_house: House) -> None:
    holder = RoleGrant.objects.get(role="admin").person
    RoleGrant.objects.create(id=10**15 + 99, person=holder, role="auditor", since=clock.now(), granted_by="t")


def _factors(kind: str) -> Callable[[House], object]:
    def give(house: House) -> None:
        _all_roles(house)
        for grant in RoleGrant.objects.filter(role__in=("admin", "security", "auditor")):
            Authenticator.objects.create(user=grant.person, type=kind, data={})

    return give


def _one_factor_less(_house: House) -> None:
    Authenticator.objects.first().delete()


def _left(_house: House) -> None:
    holder = RoleGrant.objects.earliest("pk").person
    Person.objects.filter(pk=holder.pk).update(is_active=False)


def _twin(_house: House) -> None:
    one, two = Person.objects.order_by("pk")[:2]
    Person.objects.filter(pk=two.pk).update(login=one.login.upper())


def _audit(**values: Any) -> Callable[[House], object]:
    def keep(_house: House) -> None:
        told = {"at": clock.now(), "seconds": 1.0, "events": 7, "faults": [], "differences": []}
        LedgerAudit.objects.create(**(told | values))

    return keep


def _edited(_house: House) -> None:
    wrong = {"table": REBUILT["people.RoleGrant"].table._meta.label, "row": "1", "columns": ["role"]}
    LedgerAudit.objects.create(
        at=clock.now() + timedelta(seconds=1), seconds=1.0, events=7, faults=[], differences=[wrong]
    )


def _sealed(_house: House) -> None:
    people.record_sign_in(SYSTEM, person=_first())
    sequencer.integrate()
    for head in LedgerHead.objects.filter(suite="sha256"):
        LedgerCheckpoint.objects.update_or_create(
            log=head.log, suite="sha256", size=head.size,
            defaults={"root": b"r", "note": "n", "made_at": clock.now(), "sealed_at": clock.now()},
        )  # fmt: skip


def _unsealed(_house: House) -> None:
    LedgerCheckpoint.objects.update(sealed_at=None, made_at=clock.now() - timedelta(minutes=11))


def _waits(house: House) -> None:
    LedgerPending.objects.all().delete()
    key = first_id_of(clock.now() - timedelta(minutes=11))
    LedgerPending.objects.create(event_id=key)


def _witnesses(count: int) -> Callable[[House], object]:
    def answer(_house: House) -> None:
        LedgerWitness.objects.all().delete()
        for number in range(count):
            LedgerWitness.objects.create(name=f"w{number}", answered_at=clock.now())

    return answer


def _newest_event(**values: Any) -> Callable[[House], object]:
    def change(_house: House) -> None:
        guards.remove()
        newest = LedgerEvent.objects.latest("id")
        LedgerEvent.objects.filter(pk=newest.pk).update(**values)

    return change


def _read(days: float, **values: Any) -> Callable[[House], object]:
    def record(_house: House) -> None:
        AccessRecord.objects.create(
            at=clock.now() - timedelta(days=days), actor_ref="x", how="page", stream="task", level=1, page="p",
            **values,
        )  # fmt: skip

    return record


def _content(level: int, key: str) -> Callable[[House], object]:
    def lie(_house: House) -> None:
        guards.remove()
        newest = LedgerEvent.objects.filter(pk__in=LedgerContent.objects.values("pk")).latest("id")
        LedgerEvent.objects.filter(pk=newest.pk).update(label=level)
        LedgerContent.objects.filter(pk=newest.pk).update(dek_id=key)

    return lie


def _key_file(mode: int) -> Callable[[House], object]:
    def lay(house: House) -> None:
        (house.var / "keys").mkdir(exist_ok=True)
        path = house.var / "keys" / "note.1.pem"
        path.write_text("k")
        path.chmod(mode)

    return lay


def _retired(_house: House) -> None:
    with clock.freeze(clock.now() - timedelta(hours=2)):
        key, _box = seal(scope_of(1, "task", 1, 7, clock.now()), b"x", "p")
        keyring().retire(key)


def _session(_house: House) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=clock.now() - timedelta(days=2))


def _shares(inside: bool) -> Callable[[House], object]:
    def lay(house: House) -> None:
        home = house.var if inside else house.var.parent / f"{house.var.name}-away"
        house.settings.SANBAN_KEY_SHARES = (home / "one", home / "two")

    return lay


def _drill(kind: str, days: float) -> Callable[[House], object]:
    def keep(_house: House) -> None:
        with clock.freeze(clock.now() - timedelta(days=days)):
            drills.note(kind, events=3, size=9, sha256="ab" * 32)

    return keep


def _loose_csp(house: House) -> None:
    house.settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {"default-src": ["'unsafe-inline'"]}}


def _no_sm3(house: House) -> None:
    def refuse(_name: str) -> None:
        raise ValueError

    house.patch.setattr(hashlib, "new", refuse)


def _sm2_signed(house: House) -> None:
    house.settings.SANBAN_SM3_KEY = "sm2"
    sequencer.integrate()


def _sm2_spoiled(_house: House) -> None:
    point = LedgerCheckpoint.objects.get(log="ledger", suite="sm3")
    note = f"{point.note[:-9]}{'A' if point.note[-9] != 'A' else 'B'}{point.note[-8:]}"
    LedgerCheckpoint.objects.filter(pk=point.pk).update(note=note)


def _texts_gone(house: House) -> None:
    house.patch.setattr(EVENTS["people.person_created"], "texts", frozenset({"name"}))


def _no_rules(house: House) -> None:
    house.patch.setattr(on_records, "all_rules", list)


def _no_levels(house: House) -> None:
    bare = Subject(stream="unit", label="单位", model=Session)
    house.patch.setattr("sanban.desk.compliance.on_content.subjects", lambda: [bare])


def _clearance_leaks(house: House) -> None:
    house.patch.setattr(checkup, "cleared", lambda clearance, _roles: clearance)
    Person.objects.update(clearance=2)


ARGON = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
FULL_CSP = {"DIRECTIVES": {"default-src": ["'none'"], "script-src": ["'self'"]}}
HTTPS = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
WATCHING = "sanban.base.watch.middleware.WatchMiddleware"


def _https(house: House) -> None:
    for name in HTTPS:
        setattr(house.settings, name, 1)


LOOKS: dict[str, tuple[Callable[[House], object], Callable[[House], object]]] = {
    "one_name_each": (well, _twin),
    "weak_passwords_refused": (well, put("AUTH_PASSWORD_VALIDATORS", [])),
    "strong_hash": (put("PASSWORD_HASHERS", ARGON), put("PASSWORD_HASHERS", ["x.MD5PasswordHasher"])),
    "kept_strongly": (everybody(password="argon2$x"), somebody(password="md5$x")),
    "lock_out": (
        put("ACCOUNT_RATE_LIMITS", {"login_failed": "20/m/ip,5/5m/key"}),
        put("ACCOUNT_RATE_LIMITS", {"login_failed": "20/m/ip"}),
    ),
    "idle_logout": (put("SESSION_COOKIE_AGE", 1800), put("SESSION_COOKIE_AGE", 1860)),
    "tls": (_https, put("CSRF_COOKIE_SECURE", False)),
    "keepers_have_two_factors": (_factors("totp"), _one_factor_less),
    "keepers_have_keys": (_factors("webauthn"), lambda h: Authenticator.objects.update(type="totp")),
    "everybody_has_a_role": (
        _all_roles,
        lambda h: RoleGrant.objects.filter(person=_first()).delete(),
    ),
    "rules_stand": (well, _no_rules),
    "no_demo": (put("SANBAN_DEMO", False), lambda h: (h.var / "demo").touch()),
    "no_usual_names": (well, somebody(login="Admin")),
    "nobody_stale": (well, lambda h: somebody(last_login=clock.now() - timedelta(days=91))(h)),
    "nobody_left_open": (well, _left),
    "nobody_shares": (everybody(email=""), everybody(email="one@example.cn")),
    "keepers_apart": (_all_roles, _two_hats),
    "keepers_read_no_secrets": (_all_roles, _clearance_leaks),
    "levels_on_objects": (well, _no_levels),
    "labelled": (well, _newest_event(label=0)),
    "reads_recorded": (
        put("SANBAN_READ_LOG_THREAD", True),
        without("sanban.base.ui.unrecorded.UnrecordedMiddleware"),
    ),
    "refusals_watched": (well, without(WATCHING)),
    "guards_stand": (lambda h: guards.install(), lambda h: guards.remove()),
    "nothing_waits": (lambda h: LedgerPending.objects.all().delete(), _waits),
    "witnessed": (_witnesses(3), _witnesses(2)),
    "backed_up": (_drill(drills.BACKUP, 6), _drill(drills.BACKUP, 8)),
    "rehearsed": (_drill(drills.REHEARSAL, 179), _drill(drills.REHEARSAL, 181)),
    "an_auditor_is_there": (_all_roles, lambda h: RoleGrant.objects.filter(role="auditor").delete()),
    "reads_kept": (_read(184), lambda h: AccessRecord.objects.all().delete() and _read(180)(h)),
    "forms_guarded": (put("CONTENT_SECURITY_POLICY", FULL_CSP), _loose_csp),
    "uploads_limited": (well, put("DATA_UPLOAD_MAX_NUMBER_FIELDS", None)),
    "uploads_scanned": (put("SANBAN_CLAMAV", "unix:/run/clamd"), put("SANBAN_CLAMAV", "")),
    "not_debugging": (put("DEBUG", False), put("DEBUG", True)),
    "audited": (_audit(), lambda h: _audit(at=clock.now() + timedelta(seconds=1), faults=[{"x": 1}])(h)),
    "rights_follow": (_audit(), _edited),
    "sealed": (_sealed, _unsealed),
    "encrypted": (well, _content(1, "")),
    "bound_to_label": (well, _content(2, "1/7/202601.1")),
    "keys_kept_close": (_key_file(0o600), _key_file(0o640)),
    "shares_apart": (_shares(False), _shares(True)),
    "keys_destroyed": (well, _retired),
    "sessions_cleared": (well, _session),
    "personal_erasable": (well, _texts_gone),
    "chinese_cipher": (put("SANBAN_CIPHER", "sm4"), put("SANBAN_CIPHER", "aes")),
    "two_trees": (_sealed, _no_sm3),
    "graded": (well, lambda _house: TaskItem.objects.update(level=2)),
    "fields_graded": (well, _late_fields),
    "sm2_signature": (_sm2_signed, _sm2_spoiled),
    "promised": (_newest_event(promise=b"signed"), _newest_event(promise=None)),
    "access_log_sealed": (_sealed, lambda h: LedgerCheckpoint.objects.update(sealed_at=None)),
    "reads_sealed": (_read(1, batch_id=5), _read(1)),
}
ABSENT = {"passwords_renewed", "rules_approved", "sm2_login", "chinese_tls"}
ELSEWHERE = {"walls_stand"}
"""Tried by a test of its own below."""


@pytest.mark.parametrize("name", sorted(LOOKS))
def test_a_look_holds_and_falls_with_the_thing_itself(house: House, name: str) -> None:
    mend, spoil = LOOKS[name]
    mend(house)
    assert looked(name) is True
    spoil(house)
    assert looked(name) is False


def test_what_is_not_built_is_said_to_be_missing(house: House) -> None:
    assert {name: looked(name) for name in ABSENT} == dict.fromkeys(ABSENT, False)


def test_the_wall_is_postgresqls_and_does_not_apply_elsewhere(house: House) -> None:
    if connection.vendor == "sqlite":
        assert looked("walls_stand") is None
        return
    assert looked("walls_stand") is False  # the tests run with one role for all three
    house.patch.setattr("sanban.desk.compliance.queries.dbroles.faults", list)
    assert looked("walls_stand") is True


def test_every_look_of_every_control_is_tried_here(house: House) -> None:
    found = queries.review(actor=AUDITOR)
    names = {look.name for _f, part in found.families for one in part for look in one.looks}
    assert names == set(LOOKS) | ABSENT | ELSEWHERE
    assert sorted(control.number for control in CONTROLS) == list(range(1, 28))


def test_a_note_of_a_backup_that_cannot_be_read_is_no_backup(house: House) -> None:
    drills.note(drills.BACKUP, events=3, size=9, sha256="ab")
    (house.var / "drills.json").write_text("{")
    assert drills.latest(drills.BACKUP) is None
    assert looked("backed_up") is False
