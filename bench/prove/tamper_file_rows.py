"""Rows that name each other's objects: what can be done to a photo by somebody who has the database and touches no object."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from django.db import models, transaction
from django.utils import timezone

from alongside.database.viewer import acting_for
from alongside.keepsakes.files.keeping import open_part
from alongside.keepsakes.models import Memory, MemoryObject, Upload, UploadPiece
from alongside.keepsakes.uploads import pieces
from alongside.vault.errors import Tampered
from bench.prove.tamper_files import Case

_ASIDE = 2**40


def row_cases() -> Iterator[Case]:
    """Yield pieces in another order, an original as a picture, and a picture as the original."""
    for upload in Upload.objects.using("owner").select_related("box", "by")[:2]:
        first, second = UploadPiece.objects.using("owner").filter(upload=upload)[:2]
        yield (
            f"pieces of {upload.pk} in another order",
            _asked((first, second), "start", upload.by_id, partial(_finished, upload)),
        )
    for memory in Memory.objects.using("owner").select_related("box").filter(kind=Memory.Kind.PHOTO)[:2]:
        parts = {row.part: row for row in MemoryObject.objects.using("owner").filter(memory=memory)}
        for part in ("page", "original"):
            yield (
                f"the original of {memory.pk} changed for its picture, {part} asked for",
                _asked(
                    (parts["original"], parts["page"]),
                    "part",
                    memory.contributed_by_id,
                    partial(_opened, memory, part),
                ),
            )


def _finished(upload: Upload) -> str:
    with transaction.atomic():
        pieces.finish(upload, upload.by, upload.received, timezone.now())
        transaction.set_rollback(True)
    return "taken"


def _opened(memory: Memory, part: str) -> str:
    return f"given out: {len(open_part(memory, part).read())} bytes"


def _asked(
    rows: tuple[models.Model, models.Model], column: str, viewer: uuid.UUID, ask: Callable[[], str]
) -> Callable[[], str]:
    """Return a check: is what two rows name refused when they have changed a column between them?"""

    def check() -> str:
        _exchange(rows, column)
        try:
            with acting_for(viewer):
                return ask()
        except Tampered:
            return ""
        except Exception as error:
            return f"refused by {type(error).__name__}, which is not the refusal for it"
        finally:
            _exchange(rows, column)

    return check


def _exchange(rows: tuple[models.Model, models.Model], column: str) -> None:
    first, second = rows
    table = type(first)._base_manager.using("owner")
    now: Mapping[object, object] = dict(table.filter(pk__in=[first.pk, second.pk]).values_list("pk", column))
    aside = _ASIDE if isinstance(now[first.pk], int) else "aside"
    for row, value in ((first, aside), (second, now[first.pk]), (first, now[second.pk])):
        table.filter(pk=row.pk).update(**{column: value})
