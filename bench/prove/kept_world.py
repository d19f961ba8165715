"""What families keep, for campaigns about what lies at rest: a box, keepsakes, a sheet, a story with photographs and a recording.

Imported by programs that have set Django up.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction
from django.utils import timezone

from alongside import ids
from alongside.accounts import addresses
from alongside.accounts.models import Account, MustNotSee, SignIn
from alongside.database.viewer import acting_for
from alongside.demo.drawings import draw
from alongside.families.circumstances import Circumstances
from alongside.families.invitation import Invitation
from alongside.families.models import Family
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from alongside.media.renditions import Rendition, render
from alongside.sheets.models import Sheet
from alongside.stories.models import Story, StoryPhoto
from alongside.stories.photographs import put_photo
from alongside.stories.recordings import put_sound
from alongside.stories.words import Words, beats_of

PICTURE: Rendition = render(draw("sea", 1))
SOUND = b"\0\0\0\x1cftypM4A " + bytes(range(256)) * 64
"""Not decoded here: what a campaign about what lies at rest seals as a recording of a story."""
KEEPSAKES = 4


@dataclass(frozen=True)
class Kept:
    """One parent and what she keeps; every text holds ``word`` and says which it is."""

    word: str
    parent: Account
    box: KeepsakeBox
    memories: list[Memory]
    sheets: list[Sheet]
    story: Story
    photos: list[uuid.UUID]
    sound: uuid.UUID


def keep(word: str, now: datetime, *, sheets: int = 2) -> Kept:
    """Let a parent of her own keep ``word`` wherever one keeps something."""
    with transaction.atomic():
        address = f"family{Account.objects.count()}@example.org"  # the one thing of hers that is readable
        parent = Account.objects.join(address, name=f"{word} of profile", now=now)
        with acting_for(parent.pk):
            family = Family.begin(parent, now)
            box = KeepsakeBox.begin(family, name=f"{word} of box", cloth="sage", now=now)
            box.circumstances = Circumstances(kinds=("stillbirth_before",), weeks=20, relation="father")
            box.save()
            box.add_baby(parent, name=f"{word} of baby")
            box.add_baby(parent, name=f"{word} of her twin", lives=True)
            memories = [
                Memory.put(parent, box, Memory.Kind.TEXT, now=now, said=Said(text=f"{word} of keepsake {number}."))
                for number in range(KEEPSAKES)
            ]
            written = [Sheet.begin(ids.new_id(), parent, now) for _ in range(sheets)]
            for number, sheet in enumerate(written):
                sheet.keep(parent, Said(text=f"{word} of sheet {number}."), base=0, tab="", now=now)
            story = Story.begin(parent, box, language="en", now=now)
            beats = [
                put_photo(story, parent, PICTURE, shows=word, taken_by=word, baby=False, now=now) for _ in range(2)
            ]
            beats.append(put_sound(story, parent, SOUND, seconds=60, shows=word, transcript=word, now=now))
            words = Words(title=word, beats=(*beats_of(f"{word} of story."), *beats), told_by=word)
            story.add_chapter(parent, words, circumstances=box.circumstances, now=now)
            photos = list(StoryPhoto.objects.filter(story=story).order_by("pk").values_list("pk", flat=True))
            sound = story.sounds.get().pk
    return Kept(word, parent, box, memories, written, story, photos, sound)


def name_others(family: Kept, now: datetime) -> None:
    """Add the rows in which somebody else is named: an invitation, an address that must not see, a sign-in."""
    with transaction.atomic(), acting_for(family.parent.pk):
        Invitation.make(family.box.family, family.parent, Invitation.Role.PARENT, name=family.word, now=now)
        unwanted = f"not-{family.word}@example.com"
        named = MustNotSee(account=family.parent, digest=addresses.digest(unwanted), since=now)
        named.address = unwanted
        named.save(force_insert=True)
        SignIn.begin(family.parent, family.word[:40], "Mozilla/5.0 (X11; Linux) Firefox/140.0", now)


def cookie(account: Account) -> str:
    """Return the cookie of somebody who is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    with acting_for(account.pk):
        SignIn.begin(account, session.session_key, "", timezone.now())
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
