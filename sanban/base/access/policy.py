"""One expression tree for access, compiled to whatever has to decide by it.

`test` decides on one object, `q` selects the same objects through Django, `rls` is the same condition as SQL for the
database's own second wall, `cedar` the same in a language with an engine that nobody here wrote. A leaf says what it
asks for (`words`), why it refuses (`why`) and who can help (`whom`); `explain.py` finds the leaf that matters. All are
compared on generated data in the tests.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sanban.base.access import context
from sanban.base.access.actor import ROLES, Actor
from sanban.base.access.levels import LEVEL_WORDS
from sanban.base.access.tree import EVERYTHING, NOTHING, AllOf, AnyOf, Leaf, Node, Words, column, place

__all__ = (
    "EVERYTHING", "NOTHING", "AllOf", "AnyOf", "Granted", "HasRole", "Leaf", "Level",
    "MemberOf", "Node", "NotDenied", "NotSame", "OwnUnit", "Purpose", "Same", "SharedWith", "StandsInFor", "UpTo",
    "Words",
)  # fmt: skip
_KEEPER, _OWNER, _PROPOSER = gettext_lazy("主管单位"), gettext_lazy("责任人"), gettext_lazy("提出人")


@dataclass(frozen=True, slots=True)
class Level:
    """Nobody sees above his clearance (就高从严)."""

    field: str = "level"
    far: ClassVar[int] = 20

    def test(self, actor: Actor, thing: Any) -> bool:
        return bool(getattr(thing, self.field) <= actor.clearance)

    def q(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__lte": actor.clearance})

    def rls(self, model: type[Model]) -> str:
        return f"{column(model, self.field)} <= {context.number('clearance')}"

    def cedar(self) -> str:
        return f"resource.{self.field} <= principal.clearance"

    def words(self) -> str:
        return _("密级不高于本人的知悉范围")

    def why(self) -> str:
        return _("密级高于您的知悉范围。")

    def whom(self) -> str:
        return _("知悉范围由安全管理员核定，确有工作需要的，请经本单位负责人提出。")


@dataclass(frozen=True, slots=True)
class UpTo:
    """The object's own level is no higher than this one, whoever asks."""

    level: int
    field: str = "level"
    far: ClassVar[int] = 15

    def test(self, actor: Actor, thing: Any) -> bool:
        return bool(getattr(thing, self.field) <= self.level)

    def q(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__lte": self.level})

    def rls(self, model: type[Model]) -> str:
        return f"{column(model, self.field)} <= {self.level}"

    def cedar(self) -> str:
        return f"resource.{self.field} <= {self.level}"

    def words(self) -> str:
        return _("密级不高于“%(level)s”") % {"level": LEVEL_WORDS[self.level]}

    def why(self) -> str:
        return _("密级高于“%(level)s”，不对外单位开放。") % {"level": LEVEL_WORDS[self.level]}

    def whom(self) -> str:
        return _("可向主管单位联络员申请查阅。")


@dataclass(frozen=True, slots=True)
class HasRole:
    """The actor holds one of the roles, whatever the object."""

    roles: tuple[str, ...]
    far: ClassVar[int] = 8

    def test(self, actor: Actor, thing: Any) -> bool:
        return actor.has(*self.roles)

    def q(self, actor: Actor) -> Q:
        return EVERYTHING if actor.has(*self.roles) else NOTHING

    def rls(self, model: type[Model]) -> str:
        wanted = ", ".join(f"'{role}'" for role in self.roles)
        return f"(SELECT {context.text_list('roles')} && ARRAY[{wanted}])"

    def cedar(self) -> str:
        wanted = ", ".join(f'"{role}"' for role in self.roles)
        return f"principal.roles.containsAny([{wanted}])"

    def words(self) -> str:
        return _("具有角色：%(roles)s（其一即可）") % {"roles": self._names()}

    def why(self) -> str:
        return _("您的角色不含此项权限。")

    def whom(self) -> str:
        return _("可由具有以下角色的同事办理：%(roles)s；角色由安全管理员授予。") % {"roles": self._names()}

    def _names(self) -> str:
        return _("、").join(_(ROLES[role]) for role in self.roles)


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """The object's unit is the actor's own or below it. `of` says what that unit is to the object, as 牵头单位."""

    field: str
    of: Words = _KEEPER
    far: ClassVar[int] = 1

    def test(self, actor: Actor, thing: Any) -> bool:
        return getattr(thing, self.field) in actor.unit_ids

    def q(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__in": actor.unit_ids})

    def rls(self, model: type[Model]) -> str:
        return f"{column(model, self.field)} = ANY ({context.number_list('unit_ids')})"

    def cedar(self) -> str:
        return f"resource has {self.field} && principal.unit_ids.contains(resource.{self.field})"

    def words(self) -> str:
        return _("%(of)s是本人所在的单位或其下级") % {"of": self.of}

    def why(self) -> str:
        return _("该事项不属于您所在的单位。")

    def whom(self) -> str:
        return _("可向%(of)s联络员申请查阅。") % {"of": self.of}


@dataclass(frozen=True, slots=True)
class SharedWith:
    """The object is tied to one of the actor's units by rows of another table.

    `rows` is that table, `key` its column for the object, `relation` the name under which an object knows its rows.
    """

    rows: type[Model]
    key: str
    relation: str
    field: str = "unit_id"
    far: ClassVar[int] = 2

    def test(self, actor: Actor, thing: Any) -> bool:
        tied = [getattr(row, self.field) for row in getattr(thing, self.relation).all()]
        return not actor.unit_ids.isdisjoint(tied)

    def q(self, actor: Actor) -> Q:
        if not actor.unit_ids:
            return NOTHING
        tied = self.rows._default_manager.filter(**{f"{self.field}__in": actor.unit_ids})
        return Q(pk__in=tied.values(self.key))

    def rls(self, model: type[Model]) -> str:
        tied = f"{column(self.rows, self.key)} = {column(model, 'id')}"
        own = f"{column(self.rows, self.field)} = ANY ({context.number_list('unit_ids')})"
        return f'EXISTS (SELECT 1 FROM "{self.rows._meta.db_table}" WHERE {tied} AND {own})'  # noqa: S608

    def cedar(self) -> str:
        return f"principal.unit_ids.containsAny(resource.{self.relation})"

    def words(self) -> str:
        return _("本人所在的单位是参与单位")

    def why(self) -> str:
        return _("您的单位不是该事项的参与单位。")

    def whom(self) -> str:
        return _("可请主管单位将贵单位列为参与单位。")


@dataclass(frozen=True, slots=True)
class _OneByOne:
    """This one object stands on a list of the actor's."""

    stream: str
    told: ClassVar[str]

    def test(self, actor: Actor, thing: Any) -> bool:
        return (self.stream, thing.pk) in getattr(actor, self.told)

    def q(self, actor: Actor) -> Q:
        ids = [object_id for stream, object_id in getattr(actor, self.told) if stream == self.stream]
        return Q(pk__in=ids) if ids else NOTHING

    def rls(self, model: type[Model]) -> str:
        return f"{place(model, self.stream)} = ANY ({context.text_list(self.told)})"

    def cedar(self) -> str:
        return f"principal.{self.told}.contains(resource)"


@dataclass(frozen=True, slots=True)
class Granted(_OneByOne):
    """The actor was given sight of this one object for a time, as the arbiter of a case or on request."""

    told: ClassVar[str] = "grants"
    far: ClassVar[int] = 4

    def words(self) -> str:
        return _("因案件或申请，获准在期限内查阅这一件")

    def why(self) -> str:
        return _("您没有获准查阅该事项。")

    def whom(self) -> str:
        return _("可向主管单位申请查阅，写明事由和期限。")


@dataclass(frozen=True, slots=True)
class MemberOf(_OneByOne):
    """The actor is named for this one object now (知悉人员): not his unit, he himself, and until a day."""

    told: ClassVar[str] = "members"
    far: ClassVar[int] = 2

    def words(self) -> str:
        return _("本人是这一件的知悉人员（指名、有期限）")

    def why(self) -> str:
        return _("您不是该事项的知悉人员。")

    def whom(self) -> str:
        return _("可请主管单位负责人或联络员把您列为知悉人员，写明理由和期限。")


@dataclass(frozen=True, slots=True)
class Purpose(_OneByOne):
    """The actor has said, within the hour, what he needs this one object for (§5.2 用途)."""

    told: ClassVar[str] = "purposes"
    far: ClassVar[int] = 1

    def words(self) -> str:
        return _("一小时内说明过这一件的用途")

    def why(self) -> str:
        return _("工作秘密带离系统前，须先说明用途。")

    def whom(self) -> str:
        return _("请在该件页面填写用途（办件号和事由），一小时内有效。")


@dataclass(frozen=True, slots=True)
class NotDenied:
    """Nobody sees what he was explicitly kept from: a denial wins over everything that allows."""

    stream: str
    far: ClassVar[int] = 40

    def test(self, actor: Actor, thing: Any) -> bool:
        return (self.stream, thing.pk) not in actor.denials

    def q(self, actor: Actor) -> Q:
        ids = [object_id for stream, object_id in actor.denials if stream == self.stream]
        return ~Q(pk__in=ids) if ids else EVERYTHING

    def rls(self, model: type[Model]) -> str:
        return f"NOT ({place(model, self.stream)} = ANY ({context.text_list('denials')}))"

    def cedar(self) -> str:
        return f"!({self.forbids()})"

    def forbids(self) -> str:
        """The condition of the policy that forbids."""
        return "principal.denials.contains(resource)"

    def words(self) -> str:
        return _("没有被明确禁止查阅这一件")

    def why(self) -> str:
        return _("已明确您不得查阅该事项。")

    def whom(self) -> str:
        return _("如有异议，请向安全管理员了解依据。")


@dataclass(frozen=True, slots=True)
class Same:
    """A field of the object equals an attribute of the actor, as owner = person."""

    field: str
    attribute: str
    of: Words = _OWNER
    far: ClassVar[int] = 3

    def test(self, actor: Actor, thing: Any) -> bool:
        wanted = getattr(actor, self.attribute)
        return wanted is not None and getattr(thing, self.field) == wanted

    def q(self, actor: Actor) -> Q:
        wanted = getattr(actor, self.attribute)
        return NOTHING if wanted is None else Q(**{self.field: wanted})

    def rls(self, model: type[Model]) -> str:
        read = context.text if self.attribute in context.TEXTS else context.number
        return f"{column(model, self.field)} = {read(self.attribute)}"

    def cedar(self) -> str:
        both = f"resource has {self.field} && principal has {self.attribute}"
        return f"{both} && resource.{self.field} == principal.{self.attribute}"

    def words(self) -> str:
        return _("本人是%(of)s") % {"of": self.of}

    def why(self) -> str:
        return _("您不是该事项的%(of)s。") % {"of": self.of}

    def whom(self) -> str:
        return _("可与%(of)s联系，或请其所在单位改定。") % {"of": self.of}


@dataclass(frozen=True, slots=True)
class NotSame:
    """Four eyes: the field of the object does not name the actor himself, as opened_by = ref."""

    field: str
    attribute: str
    of: Words = _PROPOSER
    far: ClassVar[int] = 10

    def test(self, actor: Actor, thing: Any) -> bool:
        return bool(getattr(thing, self.field) != getattr(actor, self.attribute))

    def q(self, actor: Actor) -> Q:
        return ~Q(**{self.field: getattr(actor, self.attribute)})

    def rls(self, model: type[Model]) -> str:
        return f"{column(model, self.field)} <> {context.text(self.attribute)}"

    def cedar(self) -> str:
        return f"resource.{self.field} != principal.{self.attribute}"

    def words(self) -> str:
        return _("本人不是%(of)s") % {"of": self.of}

    def why(self) -> str:
        return _("您就是%(of)s，不能由同一人办理。") % {"of": self.of}

    def whom(self) -> str:
        return _("请由另一位有此权限的同事办理。")


@dataclass(frozen=True, slots=True)
class StandsInFor:
    """The actor stands in now for the person in this field: the right begins and ends with the standing-in."""

    field: str
    of: Words = _OWNER
    far: ClassVar[int] = 5

    def test(self, actor: Actor, thing: Any) -> bool:
        return getattr(thing, self.field) in actor.stands_for

    def q(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__in": actor.stands_for}) if actor.stands_for else NOTHING

    def rls(self, model: type[Model]) -> str:
        return f"{column(model, self.field)} = ANY ({context.number_list('stands_for')})"

    def cedar(self) -> str:
        return f"resource has {self.field} && principal.stands_for.contains(resource.{self.field})"

    def words(self) -> str:
        return _("本人正在代理%(of)s") % {"of": self.of}

    def why(self) -> str:
        return _("您现在没有代理该事项的%(of)s。") % {"of": self.of}

    def whom(self) -> str:
        return _("代理由%(of)s本人或系统管理员指定。") % {"of": self.of}
