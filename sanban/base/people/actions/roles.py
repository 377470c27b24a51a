"""Acts on rights: roles for a time, and who stands in for whom."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from sanban.base import clock
from sanban.base.access.actor import Actor
from sanban.base.ledger.act import act
from sanban.base.ledger.errors import Denied, Refused
from sanban.base.ledger.ids import new_id
from sanban.base.ledger.log import append
from sanban.base.people import events as e
from sanban.base.people import rules
from sanban.base.people.models import Deputy, RoleGrant
from sanban.base.people.present import active_person
from sanban.base.people.queries import count_of_role


@act
def grant_role(actor: Actor, *, person_id: int, role: str, until: datetime | None = None) -> int:
    """Give a person a role, for a time or until it is ended."""
    rules.require_security(actor)
    rules.require_not_self(actor, person_id)
    rules.require_future(until)
    person, name = active_person(person_id), rules.known_role(role)
    if RoleGrant.objects.filter(person=person, role=role, until=None).exists():
        raise Refused(_("%(name)s已有此角色。") % {"name": person.name}, field="role")
    grant_id = new_id()
    event = e.RoleGranted(
        person_id=person.pk,
        person_name=person.name,
        role=role,
        role_name=name,
        since=clock.now(),
        until=until,
    )
    append(actor, event, stream_id=grant_id, version=0)
    return grant_id


@act
def end_role(actor: Actor, *, grant_id: int) -> None:
    """Take a role back now. The last system or security administrator keeps his."""
    rules.require_security(actor)
    in_force = Q(until=None) | Q(until__gt=clock.now())
    grant = RoleGrant.objects.select_related("person").filter(in_force, pk=grant_id).first()
    if grant is None:
        raise Refused(_("此角色已经收回。"))
    if grant.until is None:
        rules.require_another(grant.role, count_of_role(actor=actor, role=grant.role))
    event = e.RoleEnded(person_name=grant.person.name, role_name=rules.known_role(grant.role))
    append(actor, event, stream_id=grant.pk, version=grant.version)


@act
def appoint_deputy(
    actor: Actor, *, person_id: int, deputy_id: int, until: datetime | None, reason: str
) -> int:
    """Name who stands in: by the person himself or the system administrator."""
    if actor.person_id != person_id:
        rules.require_admin(actor)
    if actor.person_id == deputy_id != person_id:
        raise Denied(_("不能指定自己代理他人，请由本人或另一位系统管理员办理。"))
    person, deputy = active_person(person_id), active_person(deputy_id)
    if person.pk == deputy.pk:
        raise Refused(_("代理人不能是本人。"), field="deputy")
    rules.require_future(until)
    if not reason.strip():
        raise Refused(_("请写明代理事由，例如“外出培训”。"), field="reason")
    row_id = new_id()
    event = e.DeputyAppointed(
        person_id=person.pk, person_name=person.name, deputy_id=deputy.pk, deputy_name=deputy.name,
        since=clock.now(), until=until, reason=reason.strip(),
    )  # fmt: skip
    append(actor, event, stream_id=row_id, version=0)
    return row_id


@act
def end_deputy(actor: Actor, *, deputy_row_id: int) -> None:
    """End a stand-in now."""
    row = Deputy.objects.filter(pk=deputy_row_id, until=None).first() or (
        Deputy.objects.filter(pk=deputy_row_id, until__gt=clock.now()).first()
    )
    if row is None:
        raise Refused(_("没有这条代理记录，或代理已经结束。"))
    if actor.person_id != row.person_id:
        rules.require_admin(actor)
    append(actor, e.DeputyEnded(), stream_id=row.pk, version=row.version)
