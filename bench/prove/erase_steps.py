"""The steps of the erase campaign, each in a process of its own. Imported when Django is set up."""

from __future__ import annotations

import json
import os
import random
import subprocess
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone

from alongside.accounts.models import Account
from alongside.backup.restore import restore
from alongside.backup.take import take
from alongside.database import binaries
from alongside.database.url import owner_dsn
from alongside.database.viewer import acting_for
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory
from alongside.keepsakes.uploads import pieces
from alongside.media import objects
from alongside.sheets.models import Sheet
from alongside.stories.models import StoryPhoto, StorySound
from alongside.stories.photographs import open_photo
from alongside.stories.recordings import open_sound
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from bench.prove.erase_files import Plan, opens_object, plan_of_files, sends_on
from bench.prove.kept_files import keep_files
from bench.prove.kept_world import PICTURE, SOUND, Kept, keep

DAYS = 15


def begin(folder: Path, chance: random.Random, count: int) -> dict[str, list[str]]:
    """Keep things, plan what will be erased, take every kind of backup; return the things by what becomes of them."""
    now = timezone.now()
    plan: Plan = []
    for number in range(count):
        word = "canary" + "".join(chance.choice("bcdfghjklmnpqrtvwxz") for _ in range(10))
        kept = keep(word, now)
        plan += _plan(kept, whole=number % 2 == 0)
        files = keep_files(kept.parent, kept.box, chance, now, weight=0, seconds=1)
        plan += plan_of_files(kept, files, whole=number % 2 == 0, now=now)
    (folder / "plan.json").write_text(json.dumps(plan))
    (folder / "kept" / "base" / "database").mkdir(mode=0o700, parents=True)
    (folder / "kept" / "backups").mkdir(mode=0o700)
    take(folder / "kept" / "backups", now=now)
    dsn = owner_dsn(os.environ, settings.DATA)
    base: list[str | Path] = [
        binaries.embedded() / "pg_basebackup",
        "--checkpoint=fast",
        "--wal-method=stream",
        "-d",
        dsn,
    ]
    subprocess.run([*base, "-D", folder / "kept" / "base" / "database" / "pgdata"], check=True, capture_output=True)
    return {
        "living": [one["thing"] for one in plan if one["thing"] and not one["gone"]],
        "erased": [one["thing"] for one in plan if one["thing"] and one["gone"]],
    }


def _plan(kept: Kept, *, whole: bool) -> Plan:
    """Return what of one family goes: with the whole box all in it, else every second keepsake; every second of the rest."""
    by = str(kept.parent.pk)
    plan = [{"sort": "box", "id": str(kept.box.pk), "thing": f"{kept.word} of box", "gone": whole, "by": by}]
    for number, memory in enumerate(kept.memories):
        gone = whole or number % 2 == 0
        one = {"sort": "memory", "id": str(memory.pk), "thing": f"{kept.word} of keepsake {number}", "gone": gone}
        plan.append(one | {"by": by, "goes_with": whole})
    for number, sheet in enumerate(kept.sheets):
        one = {"sort": "sheet", "id": str(sheet.pk), "thing": f"{kept.word} of sheet {number}", "gone": number == 0}
        plan.append(one | {"by": by})
    for number, photo in enumerate(kept.photos):
        one = {"sort": "photo", "id": str(photo), "thing": f"photo {photo}", "gone": number == 0}
        plan.append(one | {"by": by})
    plan.append({"sort": "sound", "id": str(kept.sound), "thing": f"sound {kept.sound}", "gone": whole, "by": by})
    return plan


def let_go(folder: Path) -> None:
    """Erase as families do: some at once, some after 72 hours; and of what was on its way that which is not finished."""
    now = timezone.now()
    for number, one in enumerate(json.loads((folder / "plan.json").read_text())):
        if one["sort"] == "upload":
            sends_on(one, now)
        elif one["gone"] and not one.get("goes_with"):
            with acting_for(one["by"]):
                _let_go(one, Account.objects.get(pk=one["by"]), fresh=number % 2 == 0)
    from alongside.sheets.models import remove_sheet

    later = now + pieces.LASTS + timedelta(minutes=1)
    while erasing.finish_due(later, {**erasing.REMOVE, "sheet": remove_sheet, "upload": pieces.remove_upload}):
        pass
    if left := Erasure.objects.filter(done_at=None, due_at__lte=later).count():
        raise RuntimeError(f"{left} erasures were due and are not done")


def _let_go(one: dict[str, Any], by: Account, *, fresh: bool) -> None:
    now = timezone.now()
    if one["sort"] == "box":
        erasing.agree_to_erase_box(KeepsakeBox.objects.get(pk=one["id"]), by, now, fresh=fresh)
    elif one["sort"] == "memory":
        erasing.let_go_of_memory(Memory.objects.get(pk=one["id"]), by, now, fresh=fresh)
    elif one["sort"] == "sheet":
        Sheet.objects.get(pk=one["id"]).let_go(now, fresh=fresh)
    else:
        # No page erases a photograph or a recording of a story yet: its key goes, then its object.
        model = StoryPhoto if one["sort"] == "photo" else StorySound
        row = model._default_manager.select_related("story").get(pk=one["id"])
        vaults.erase_item(row.story.vault, row.item)
        objects.delete(row.pk)


def days(folder: Path) -> None:
    """Take a backup each day, as an operator's timer does."""
    began = timezone.now()
    for day in range(1, DAYS + 1):
        take(folder / "kept" / "backups", data=day % 5 == 0, now=began + timedelta(days=day))


def restored(folder: Path) -> dict[str, list[str]]:
    """Restore the oldest backup there is; return what the product opens then."""
    oldest = sorted((folder / "kept" / "backups").glob("data-*"))[0]
    restore(oldest, replace_present=True, now=timezone.now() + timedelta(days=DAYS))
    vaults._of.cache_clear()
    plan = json.loads((folder / "plan.json").read_text())
    return {"opens": [one["thing"] for one in plan if one["thing"] and _opens(one)]}


def _opens(one: dict[str, Any]) -> bool:
    asked: dict[str, Callable[[], bool]] = {
        "box": lambda: KeepsakeBox.objects.get(pk=one["id"]).name == one["thing"],
        "memory": lambda: Memory.objects.get(pk=one["id"]).now_says().text == f"{one['thing']}.",
        "sheet": lambda: Sheet.objects.get(pk=one["id"]).now_says().text == f"{one['thing']}.",
        "object": lambda: opens_object(one),
        "photo": lambda: (
            open_photo(StoryPhoto.objects.get(pk=one["id"]).story, StoryPhoto.objects.get(pk=one["id"]).pk)
            == PICTURE.webp
        ),
        "sound": lambda: (
            open_sound(StorySound.objects.get(pk=one["id"]).story, StorySound.objects.get(pk=one["id"]).pk) == SOUND
        ),
    }
    with suppress(KeyErased, FileNotFoundError, ObjectDoesNotExist), acting_for(one["by"]):
        return asked[one["sort"]]()
    return False
