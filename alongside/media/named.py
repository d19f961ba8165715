"""Which models name objects: each marks itself here, so that ``doctor`` can say which object is missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

M = TypeVar("M", bound=type)


@dataclass(frozen=True, slots=True)
class Naming:
    """Of a model whose primary key is the name of an object: the field that holds the id of the object's own key.

    ``item`` is written as a lookup ("memory__item"), and is "" where the object's key is not one of an item. A row whose
    item was erased may outlive its object.
    """

    item: str


def names_an_object(*, item: str = "") -> Callable[[M], M]:
    """Mark a model whose primary key is the name of an object in the store."""

    def mark(model: M) -> M:
        model.object_naming = Naming(item)  # type: ignore[attr-defined]
        return model

    return mark
