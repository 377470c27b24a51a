"""The units of 清江省: government, offices with divisions, committee, departments, cities, counties.

A name in a policy text is resolved by full name, short name or alias; a collective name (各市人民政府)
stands for its members.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from sanban.demo.world.tables import parts, rows_of

Kind = Literal["government", "office", "division", "department", "city", "county", "committee"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitData:
    """One unit as policy texts name it; `parent` is the code of the unit above, empty for the root."""

    code: str
    name: str
    short: str
    aliases: tuple[str, ...]
    kind: Kind
    parent: str
    order: int

    @property
    def names(self) -> tuple[str, ...]:
        """Every way of writing this unit, the full name first."""
        return (self.name, *dict.fromkeys(n for n in (self.short, *self.aliases) if n != self.name))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitClass:
    """A collective name: all units of the named kinds, or exactly the listed units.

    An indefinite class (有关部门) has no members: the reader must flag it, nobody can be charged by it.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    listed: tuple[str, ...] = ()
    definite: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Every way of writing this class, the usual one first."""
        return (self.name, *self.aliases)


def _read_units() -> Iterator[UnitData]:
    for row in rows_of("units"):
        if row["kind"] not in get_args(Kind):
            raise ValueError(f"units.tsv: unit {row['code']} has the unknown kind {row['kind']}")
        yield UnitData(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            aliases=parts(row["aliases"]),
            kind=cast(Kind, row["kind"]),
            parent=row["parent"],
            order=int(row["order"]),
        )


UNITS: tuple[UnitData, ...] = tuple(_read_units())
BY_CODE: dict[str, UnitData] = {unit.code: unit for unit in UNITS}

CLASSES: tuple[UnitClass, ...] = (
    UnitClass(
        code="cities",
        name="各市人民政府",
        aliases=("各市政府", "各市州", "各市州人民政府", "各市"),
        kinds=("city",),
    ),
    UnitClass(
        code="counties",
        name="各县（市、区）人民政府",
        aliases=("各县（市、区）", "各县（市、区）政府", "县（市、区）人民政府", "各县级人民政府"),
        kinds=("county",),
    ),
    UnitClass(
        code="cities-and-counties",
        name="各市、县（市、区）人民政府",
        aliases=("各市县人民政府", "各地", "各级人民政府"),
        kinds=("city", "county"),
    ),
    UnitClass(
        code="departments",
        name="省直各部门",
        aliases=("省直各单位", "省政府各部门", "省级各部门", "各部门"),
        kinds=("department",),
    ),
    UnitClass(code="three-offices", name="三办", aliases=("省政府三办",), kinds=("office",)),
    UnitClass(
        code="river-cities",
        name="沿江各市人民政府",
        aliases=("沿江各市", "澜水沿线各市人民政府"),
        listed=("city-daijiang", "city-wangxi", "city-lanyang", "city-yunze", "city-anpu"),
    ),
    UnitClass(
        code="departments-concerned",
        name="有关部门",
        aliases=("省直有关部门", "各有关部门", "相关部门", "有关单位", "各有关单位"),
        definite=False,
    ),
    UnitClass(code="leads", name="各牵头单位", aliases=("牵头单位",), definite=False),
    UnitClass(code="partners", name="各配合单位", aliases=("配合单位",), definite=False),
)


def folded(text: str) -> str:
    """A name with full-width brackets and without blanks, so that （市、区） and (市、区) are one name."""
    return "".join(text.split()).replace("(", "（").replace(")", "）")


@cache
def register() -> dict[str, UnitData | UnitClass]:
    """Every folded name with its bearer; two bearers of one name are refused, a dispatch would be a guess."""
    found: dict[str, UnitData | UnitClass] = {}
    bearers: tuple[UnitData | UnitClass, ...] = (*UNITS, *CLASSES)
    for bearer in bearers:
        for name in map(folded, bearer.names):
            other = found.setdefault(name, bearer)
            if other is not bearer:
                raise ValueError(f"units: {name} names both {other.code} and {bearer.code}, rename one")
    return found


def resolve(name: str) -> UnitData | UnitClass | None:
    """The unit or class a name stands for; None when the register does not know it."""
    return register().get(folded(name).removesuffix("等"))


def members(group: UnitClass) -> tuple[UnitData, ...]:
    """The units a collective name charges, in their official order."""
    if group.listed:
        return tuple(BY_CODE[code] for code in group.listed)
    return of_kind(*group.kinds)


def of_kind(*kinds: Kind) -> tuple[UnitData, ...]:
    """All units of the given kinds, in the order of the register."""
    return tuple(unit for unit in UNITS if unit.kind in kinds)


def children(code: str) -> tuple[UnitData, ...]:
    """The units directly below one unit, by their order."""
    return tuple(sorted((u for u in UNITS if u.parent == code), key=lambda u: u.order))
