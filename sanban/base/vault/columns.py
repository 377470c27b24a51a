"""Columns whose values lie sealed where their row is a work secret, and in clear where it is not (LEDGER.md, 5.9).

What is written is decided by the row, not by the column: a value must come with its `Spot`, so that nothing of a
secret gets into such a column by a way that does not know it (`base/ledger/kept.py` gives every row its spot). The
same words in the same place under the same key are the same bytes, so that the replay audit can compare them.
"""

import json
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db import models

from sanban.base.vault import boxes
from sanban.base.vault.ciphers import Spoiled
from sanban.base.vault.keyring import Gone
from sanban.base.vault.provider import Locked

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
    _TextField = models.TextField[Any, Any]
    _JSONField = models.JSONField[Any, Any]
else:
    _Field, _TextField, _JSONField = models.Field, models.TextField, models.JSONField

MARK: Final = "\x01"
"""Begins every token: a sign that nobody types."""
ERASED: Final = "［已删除］"
"""What stands where a text was erased: in timelines, in a fold of the ledger, and so in the tables."""
SHUT: Final = "［无法解密］"
"""What stands where something does not open; the audit says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the words of one row lie: the scope of the key (empty: in clear), the table, and the row's own key."""

    scope: str
    table: str
    row: str


class Opened(str):
    """Words that lay sealed, with the key and the row that they belong to."""

    key_id: str
    row: str


class OpenedList(list[Any]):
    """A list that lay sealed."""

    key_id: str
    row: str


class OpenedDict(dict[str, Any]):
    """Names and values that lay sealed."""

    key_id: str
    row: str


OPENED: Final = (Opened, OpenedList, OpenedDict)


class Shut(str):
    """Words that do not open now. Written back, the token that lay there lies there again."""

    token: str


class Ready(str):
    """What may be written as it is: a token, or words that may lie in clear."""


def seal(text: str, spot: Spot, column: str) -> Ready:
    """The words as they may lie in this spot. Locked when the shares of the key are not there."""
    if isinstance(text, Shut):
        return Ready(text.token)
    if not spot.scope or not text:
        return Ready(text.lstrip(MARK))
    level = spot.scope[0]
    key_id, box = boxes.seal_same(spot.scope, text.encode(), _bound(level, spot.table, column, spot.row))
    return Ready(f"{MARK}{key_id}|{spot.row}|{b64encode(box).decode()}")


def is_token(value: object) -> bool:
    """Whether this is sealed, and not words."""
    return isinstance(value, str) and value.startswith(MARK)


def key_of(token: str) -> str:
    """The key that a token was sealed with."""
    return token[len(MARK) :].partition("|")[0]


def unseal(token: str, table: str, column: str) -> str:
    """The words of a token of this table and column, or what stands in their place: erased, or shut."""
    key_id, row, packed = (*token[len(MARK) :].split("|"), "", "")[:3]
    try:
        body = boxes.unseal(key_id, b64decode(packed, validate=True), _bound(key_id[:1], table, column, row))
        made = Opened(body.decode())
    except Gone:
        return ERASED
    except (Spoiled, Locked, Error, ValueError):
        return _shut(token)
    made.key_id, made.row = key_id, row
    return made


def _shut(token: str) -> Shut:
    made = Shut(SHUT)
    made.token = token
    return made


class _Asked:
    """Who says whether what is sealed for a level may be opened for who asks now."""

    may: Callable[[str], bool] = staticmethod(lambda _level: True)


def ask(may: Callable[[str], bool]) -> None:
    """Let this be asked before anything is opened: given the level of a key, as its digit."""
    _Asked.may = staticmethod(may)


def _bound(level: str, table: str, column: str, row: str) -> str:
    return f"{level}|{table}|{column}|{row}"


class Sealed(_Field):
    """What the columns have in common."""

    def ready(self, value: Any, spot: Spot) -> Any:
        """Words as they may lie in this spot."""
        return value if value is None else seal(value, spot, str(self.column))

    def opened(self, raw: Any) -> Any:
        """The words of what lies there."""
        return unseal(raw, self.model._meta.db_table, str(self.column)) if is_token(raw) else raw

    def seen(self, token: str) -> Any:
        """What who asks now may see of a token: whoever labels a row down shows its words to nobody."""
        return self.opened(token) if _Asked.may(key_of(token)[:1]) else self.unseen(token)

    def unseen(self, token: str) -> Any:
        """What stands there for whoever may not see it."""
        return _shut(token)

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """The row is saved: its own level says how."""
        return self.ready(getattr(model_instance, self.attname), model_instance.spot())

    def _refuse(self) -> None:
        raise TypeError(f"{self.model._meta.label}.{self.attname} is sealed: write it through its rows")


class SealedText(Sealed, _TextField):
    """Prose of any length."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Words as they are read, by whom they are meant for."""
        return self.seen(value) if value and value[0] == MARK else value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Only what was decided by a row is written."""
        if value and not isinstance(value, Ready):
            self._refuse()
        return super().get_db_prep_save(value if value is None else str(value), connection)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """To a migration it is a text."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs


class SealedChar(SealedText):
    """A line of words: as long as a form lets it be, whatever its token needs."""

    def formfield(self, **kwargs: Any) -> Any:
        """A line, no box."""
        return models.CharField.formfield(self, **kwargs)


class _ReadyJSON:
    """A value for a JSON column that may be written as it is."""

    def __init__(self, value: Any) -> None:
        self.value = value


class SealedJSON(Sealed, _JSONField):
    """Lists and objects that hold prose; sealed they are one JSON text, the token."""

    def ready(self, value: Any, spot: Spot) -> Any:
        """The value as it may lie in this spot."""
        if not spot.scope or not value:
            return _ReadyJSON(value)
        said = json.dumps(value, ensure_ascii=False, sort_keys=True, cls=self.encoder)
        return _ReadyJSON(str(seal(said, spot, str(self.column))))

    def opened(self, raw: Any) -> Any:
        """The value; where it does not open, the column's empty one."""
        if not is_token(raw):
            return raw
        said = unseal(raw, self.model._meta.db_table, str(self.column))
        if not isinstance(said, Opened):
            return self.get_default()
        value = json.loads(said, cls=self.decoder)
        made = OpenedList(value) if isinstance(value, list) else OpenedDict(value)
        made.key_id, made.row = said.key_id, said.row
        return made

    def unseen(self, token: str) -> Any:
        """The column's empty value."""
        return self.get_default()

    def in_clear(self, value: Any, connection: Any) -> Any:
        """A value of a row that is not secret, for the database."""
        return super().get_db_prep_save(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """The value as it is read."""
        found = super().from_db_value(value, expression, connection)
        return self.seen(found) if is_token(found) else found

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Only what was decided by a row is written."""
        if isinstance(value, _ReadyJSON):
            return super().get_db_prep_save(value.value, connection)
        if value:
            self._refuse()
        return super().get_db_prep_save(value, connection)

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """To a migration it is JSON."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs
