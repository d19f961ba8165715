"""Model support: a column that holds sealed bytes, and attributes that open it when they are read.

    class Letter(models.Model):
        id = models.UUIDField(primary_key=True, default=new_id)
        vault = models.UUIDField()
        words_sealed = SealedField()
        words = SealedText("words_sealed")

        def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
            return self.vault, None

Table, column and primary key are part of what a value is sealed for: rename none of them without sealing
anew.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, NoReturn, Protocol, Self, TypeVar, cast, overload

from django.db import models

from alongside.vault import sealing
from alongside.vault.sealing import Place

if TYPE_CHECKING:
    _BinaryField = models.BinaryField[Any, Any]
else:
    _BinaryField = models.BinaryField

T = TypeVar("T")
_OPENED = "_alongside_opened"


class Placed(Protocol):
    """A model whose rows say which vault, and which item in it, locks them."""

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]: ...


class SealedField(_BinaryField):
    """A column of sealed bytes. It can be empty or not; nothing else can be asked of it in a query."""

    def from_db_value(self, value: Any, *_: object) -> bytes | None:
        return None if value is None else bytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None


class _Plain(dict[str, tuple[Place, bytes, Any]]):
    """Opened values of one instance. They show in no repr, and stay behind when it is pickled or copied."""

    def __repr__(self) -> str:
        return "<opened values>"

    def __reduce__(self) -> tuple[type[Self], tuple[()]]:
        return type(self), ()


class _Sealed(Generic[T]):
    """An attribute that opens ``column`` once for each sealed value, and seals what is assigned to it at
    once.

    What was opened is kept beside the sealed bytes and place it came from, and is used only while both are
    the same: so a refreshed, deferred, moved or reassigned column never shows former words.
    """

    def __init__(self, column: str, parse: Callable[[bytes | None], T], dump: Callable[[T], bytes]) -> None:
        self.column = column
        self._parse = parse
        self._dump = dump
        self._name = column

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, instance: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, instance: models.Model, owner: type[models.Model]) -> T: ...
    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Self | T:
        if instance is None:
            return self
        sealed = getattr(instance, self.column)
        if sealed is None:
            return self._parse(None)
        sealed = bytes(sealed)
        place = self.place(instance)
        plain: _Plain = instance.__dict__.setdefault(_OPENED, _Plain())
        held = plain.get(self._name)
        if held is None or held[:2] != (place, sealed):
            held = plain[self._name] = (place, sealed, self._parse(sealing.open(place, sealed)))
        return cast(T, held[2])

    def __set__(self, instance: models.Model, value: T) -> None:
        place = self.place(instance)
        sealed = sealing.seal(place, self._dump(value))
        setattr(instance, self.column, sealed)
        instance.__dict__.setdefault(_OPENED, _Plain())[self._name] = (place, sealed, value)

    def __delete__(self, instance: models.Model) -> NoReturn:
        raise AttributeError(f"{self._name} cannot be deleted; set {self.column} to None")

    def place(self, instance: models.Model) -> Place:
        """Return what a value of this instance is sealed for; the row's id must be assigned."""
        field = instance._meta.get_field(self.column)
        if not isinstance(field, SealedField) or not isinstance(instance.pk, uuid.UUID):
            raise TypeError(f"{self._name} needs a SealedField and a uuid primary key, assigned before")
        vault, item = cast(Placed, instance).vault_place()
        assert field.column is not None  # SealedField has a column of its own
        return Place(vault, item, field.model._meta.db_table, field.column, instance.pk)


class SealedText(_Sealed[str]):
    """Words in a sealed column. NULL reads as the empty text."""

    def __init__(self, column: str) -> None:
        super().__init__(column, _text, _utf8)


class SealedBytes(_Sealed[bytes]):
    """Bytes in a sealed column, as they are. NULL reads as none."""

    def __init__(self, column: str) -> None:
        super().__init__(column, lambda data: data or b"", lambda value: value)


class SealedJSON(_Sealed[T]):
    """A value in a sealed column, as JSON. ``parse`` gets what was loaded (None for NULL), ``dump`` gives
    what is kept.

    Values should be immutable: a change inside one is not seen; assign a new one.
    """

    def __init__(self, column: str, *, parse: Callable[[Any], T], dump: Callable[[T], Any]) -> None:
        super().__init__(
            column,
            lambda data: parse(None if data is None else json.loads(data)),
            lambda value: _utf8(json.dumps(dump(value), ensure_ascii=False, separators=(",", ":"))),
        )


def _text(data: bytes | None) -> str:
    return "" if data is None else data.decode()


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        # That error carries the whole text.
        raise ValueError("text with half a character in it") from None
