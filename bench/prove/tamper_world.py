"""Run by the tamper campaign: families keep and tell things.

Standard output: {"pages": [pages that show a word],
"files": [addresses that give bytes of a file], "uploads": [what is on its way]}."""

from __future__ import annotations

import json
import random
import sys
from contextlib import suppress
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.urls import Resolver404, resolve  # noqa: E402
from django.utils import timezone  # noqa: E402

from alongside import ids  # noqa: E402
from alongside.accounts.joining import WORDING  # noqa: E402
from alongside.accounts.models import KEEPING, Account, agree  # noqa: E402
from alongside.database.viewer import acting_for  # noqa: E402
from alongside.keepsakes.models import MemoryObject, Upload, UploadPiece  # noqa: E402
from alongside.matching import index  # noqa: E402
from alongside.media.addresses import good_for  # noqa: E402
from alongside.visibility.audience import Audience  # noqa: E402
from bench.prove.kept_files import Files, keep_files  # noqa: E402
from bench.prove.kept_world import Kept, cookie, keep, name_others  # noqa: E402


def pages(family: Kept) -> list[dict[str, str]]:
    """Return pages that open one sealed column each: a stranger's, and her own."""
    mine = cookie(family.parent)
    with acting_for(family.parent.pk):
        revision = family.story.chapters.get().newest()
        sheet, keepsake = family.sheets[0], family.memories[0]
        of_sheet, of_keepsake = sheet.versions.get(), keepsake.versions.get()
    said = [
        (f"/read/{ids.show(family.story.pk)}/", "", f"{family.word} of story.", "stories_revision", "words_sealed", revision.pk),
        (f"/write/{ids.show(sheet.pk)}/", mine, f"{family.word} of sheet", "sheets_sheetversion", "said_sealed", of_sheet.pk),
        (f"/box/{ids.show(keepsake.pk)}/", mine, f"{family.word} of keepsake", "keepsakes_memoryversion", "said_sealed", of_keepsake.pk),
    ]  # fmt: skip
    return [
        {"path": path, "cookie": who, "word": word, "table": table, "column": column, "row": str(row)}
        for path, who, word, table, column, row in said
        if _is_there(path)
    ]


def _is_there(path: str) -> bool:
    with suppress(Resolver404):
        return bool(resolve(path))
    return False


def files(of: Files, who: str) -> list[dict[str, str]]:
    """Return every address that gives bytes of these files, with the row whose object it opens."""
    found = []
    for row in MemoryObject.objects.using("owner").filter(memory__in=[*of.photos, of.voice]):
        shown = ids.show(row.memory_id)
        good = f"?good={good_for(shown, row.part)}"
        path = {"original": "original/", "sound": f"sound/{good}"}.get(row.part, f"photo/{row.part}/{good}")
        found.append({"path": f"/box/{shown}/{path}", "cookie": who, "row": str(row.pk), "what": row.part})
    return found


def on_its_way(upload: Upload, who: str) -> dict[str, Any]:
    """Return how an upload is finished, with the rows of its pieces."""
    rows = [str(pk) for pk in UploadPiece.objects.using("owner").filter(upload=upload).values_list("pk", flat=True)]
    return {"path": f"/box/upload/{ids.show(upload.pk)}/", "cookie": who, "size": upload.received, "rows": rows}


def main() -> None:
    chance = random.Random(json.load(sys.stdin)["seed"])
    words = ["canary" + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(10)) for _ in range(3)]
    now = timezone.now()
    families = [keep(word, now) for word in words]
    for family in families[:2]:
        name_others(family, now)
        with transaction.atomic(), acting_for(family.parent.pk):
            family.parent.profile.say_lived(now)
            family.story.publish(family.parent, Audience.OPEN, now)
        if family.story.hold is not None:
            host = Account.objects.filter(host_since__isnull=False).first()
            if host is None:
                host = Account.objects.join("host@example.org", name="Host", now=now)
                host.host_since = now
                host.save()
            family.story.hold.release(host, now)
    while index.add_missing(limit=10):
        pass
    large = keep_files(families[0].parent, families[0].box, chance, now, weight=2_200_000, seconds=200)
    keep_files(families[1].parent, families[1].box, chance, now, weight=1_200_000, seconds=2)
    with acting_for(families[0].parent.pk):
        agree(families[0].parent, KEEPING, WORDING, now)
    mine = cookie(families[0].parent)
    said = {"pages": pages(families[0]), "files": files(large, mine), "uploads": [on_its_way(large.uploads[0], mine)]}
    json.dump(said, sys.stdout)


main()
