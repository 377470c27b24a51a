"""Acts at the front door: passwords, and the record of who came, failed and went."""

from collections.abc import Mapping

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.people import events as e
from sanban.base.people import rules
from sanban.base.people.models import Person
from sanban.base.people.present import active_person
from sanban.base.people.queries import roles_in_force


@act
def set_passwords(actor: Actor, *, passwords: Mapping[str, str]) -> None:
    """Set passwords by login: one's own, or those the administrator keeps. Only the fact is recorded."""
    _set_passwords(actor, passwords=passwords)


def _set_passwords(actor: Actor, *, passwords: Mapping[str, str]) -> None:
    """Set passwords by login: one's own, or those the administrator keeps. Only the fact is recorded."""
    hashes: dict[str, str] = {}
    items = []
    for person in Person.objects.filter(login__in=list(passwords)):
        if actor.person_id != person.pk:
            rules.require_keeper_of(actor, roles_in_force(actor=actor, person_id=person.pk))
        word = passwords[person.login]
        try:
            validate_password(word, person)
        except ValidationError as error:
            raise Refused(" ".join(error.messages), field="password") from error
        if word not in hashes:
            hashes[word] = make_password(word)
        person.password = hashes[word]
        person.save(update_fields=["password"])
        items.append(Item(e.PasswordSet(login=person.login), new_id(), 0))
    append_many(actor, items)


@act
def set_password(actor: Actor, *, person_id: int, password: str) -> None:
    """Set one person's password: one's own, or anybody's by the system administrator."""
    _set_passwords(actor, passwords={active_person(person_id).login: password})


@act
def record_password(actor: Actor, *, person: Person, password: str) -> None:
    """Keep the new password that its owner gave at the front door, and record that he did."""
    person.set_password(password)
    person.save(update_fields=["password"])
    append(actor, e.PasswordSet(login=person.login), stream_id=new_id(), version=0)


@act
def record_sign_in(actor: Actor, *, person: Person) -> None:
    """Record that somebody signed in (§5.2 登录留痕)."""
    append(actor, e.SignedIn(person_id=person.pk, login=person.login), stream_id=new_id(), version=0)


@act
def record_failure(actor: Actor, *, login: str) -> None:
    """Record that somebody could not sign in under this name."""
    append(actor, e.SignInFailed(login=login[:60]), stream_id=new_id(), version=0)


@act
def record_sign_out(actor: Actor, *, person: Person) -> None:
    """Record that somebody signed out."""
    append(actor, e.SignedOut(person_id=person.pk, login=person.login), stream_id=new_id(), version=0)
