"""Acts on people: register, correct, clear for a level, see off."""

import secrets
from collections.abc import Sequence

from django.utils.translation import gettext as _

from sanban.base.access.actor import INTERNAL, SECRET, Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id, new_ids
from sanban.base.ledger.log import Item, append, append_many
from sanban.base.people import events as e
from sanban.base.people import rules
from sanban.base.people.drafts import PersonDraft
from sanban.base.people.models import RoleGrant
from sanban.base.people.present import active_person, active_unit
from sanban.base.people.queries import count_of_role, taken_logins


@act
def create_people(actor: Actor, *, people: Sequence[PersonDraft]) -> list[int]:
    """Register people with their first roles and return their ids; nobody can sign in until a password is set."""
    return _create_people(actor, people=people)


def _create_people(actor: Actor, *, people: Sequence[PersonDraft]) -> list[int]:
    """Register people with their first roles and return their ids; nobody can sign in until a password is set."""
    rules.require_admin(actor)
    taken = taken_logins(actor=actor)
    items, made = [], []
    for draft in people:
        if not draft.login or not draft.name:
            raise Refused(_("请填写登录名和姓名。"), field="login")
        if draft.login.lower() in taken:
            raise Refused(_("登录名 %(login)s 已被使用，请换一个。") % {"login": draft.login}, field="login")
        for role in draft.roles:
            rules.known_role(role)
        if rules.SECURITY_ROLES.intersection(draft.roles) and not actor.system:
            raise Denied(_("管理员角色须在登记之后由安全管理员单独授予。"))
        if draft.clearance > INTERNAL and not actor.system:
            raise Denied(_("知悉范围须在登记之后由安全管理员单独提高。"), field="clearance")
        taken.add(draft.login.lower())
        ids = new_ids(1 + len(draft.roles))
        made.append(ids[0])
        grants = [{"id": str(n), "role": r} for n, r in zip(ids[1:], draft.roles, strict=True)]
        event = e.PersonCreated(
            ref=secrets.token_hex(16), login=draft.login, name=draft.name, email=draft.email,
            mobile=draft.mobile, unit_id=draft.unit_id, post=draft.post, clearance=draft.clearance, roles=grants,
        )  # fmt: skip
        items.append(Item(event, ids[0], 0))
    append_many(actor, items)
    return made


@act
def create_person(actor: Actor, *, person: PersonDraft) -> int:
    """Register one person and return the id."""
    return _create_people(actor, people=[person])[0]


@act
def import_people(actor: Actor, *, people: Sequence[PersonDraft]) -> int:
    """Register everybody of a checked list in one act; one faulty row refuses the whole list."""
    if not people:
        raise Refused(_("名单中没有可登记的人员。"), field="file")
    return len(_create_people(actor, people=people))


@act
def update_person(
    actor: Actor,
    *,
    person_id: int,
    name: str,
    email: str,
    mobile: str,
    unit_id: int,
    post: str,
    clearance: int,
) -> None:
    """Change the directory entry; a higher clearance is the security administrator's to give."""
    rules.require_admin(actor)
    person = active_person(person_id)
    if clearance > person.clearance:
        raise Denied(_("提高知悉范围须由安全管理员在“调整知悉范围”中办理。"), field="clearance")
    event = e.PersonUpdated(
        name=name, email=email, mobile=mobile, unit_id=active_unit(unit_id).pk, post=post, clearance=clearance
    )
    append(actor, event, stream_id=person.pk, version=person.version)


@act
def set_clearance(actor: Actor, *, person_id: int, clearance: int) -> None:
    """Up to which level somebody reads: the security administrator says so, and never of himself (§5.2)."""
    rules.require_security(actor)
    rules.require_not_self(actor, person_id)
    person = active_person(person_id)
    if not 0 <= clearance <= SECRET:
        raise Refused(_("没有这一密级，请选择公开、内部或工作秘密。"), field="clearance")
    if clearance == person.clearance:
        raise Refused(_("知悉范围没有变化。"), field="clearance")
    event = e.PersonUpdated(
        name=person.name, email=person.email, mobile=person.mobile, unit_id=person.unit_id, post=person.post,
        clearance=clearance,
    )  # fmt: skip
    append(actor, event, stream_id=person.pk, version=person.version)


@act
def leave(actor: Actor, *, person_id: int, successor_id: int) -> None:
    """A person leaves: sign-in, roles, keys and stand-ins end; the successor stands in for what is open (交接)."""
    rules.require_admin(actor)
    person, successor = active_person(person_id), active_person(successor_id)
    if person.pk == successor.pk:
        raise Refused(_("接手人不能是本人。"), field="successor")
    for role in RoleGrant.objects.filter(person=person, role__in=rules.NEVER_WITHOUT, until=None):
        rules.require_another(role.role, count_of_role(actor=actor, role=role.role))
    event = e.PersonLeft(
        name=person.name, successor_id=successor.pk, successor_name=successor.name, deputy_id=new_id()
    )
    append(actor, event, stream_id=person.pk, version=person.version)
