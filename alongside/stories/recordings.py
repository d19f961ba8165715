"""A recording in a story: put in as a sealed copy of its own, and opened for whom the policy let through."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from alongside import ids
from alongside.accounts.models import Account
from alongside.keepsakes.files.keeping import Part, open_part
from alongside.keepsakes.models import Memory
from alongside.media import objects
from alongside.stories.models import Story, StorySound
from alongside.stories.words import Beat, new_key
from alongside.vault import vaults
from alongside.vault.objects import open_bytes, seal_bytes


def put_sound(
    story: Story, by: Account, m4a: bytes, *, seconds: float, shows: str, transcript: str, now: datetime
) -> Beat:
    """Keep a normalised recording of ``by`` under the story's own key and return the beat that stands for it."""
    sound = StorySound(story=story, contributed_by=by, item=ids.new_id(), created_at=now)
    vaults.add_item(story.vault, sound.item)
    objects.write(sound.pk, seal_bytes(sound.place(), m4a))
    sound.save(force_insert=True)
    return Beat(
        new_key(),
        "sound",
        text=transcript,
        shows=shows,
        sum=hashlib.sha256(m4a).hexdigest(),
        sound=ids.show(sound.pk),
        seconds=round(seconds, 1),
    )


def copied(story: Story, by: Account, memory: Memory, now: datetime) -> Beat:
    """Put a copy of a voice of the family's box into a story, with its own words beside it; the original stays where it is.

    The copy keeps who contributed it (C8). Raise NotAParent, MemoryObject.DoesNotExist (no recording), VaultError.
    """
    story.family.parent(by)
    memory.box.family.parent(by)
    with open_part(memory, Part.SOUND) as plain:
        m4a = plain.read()
    said = memory.now_says()
    return put_sound(
        story,
        memory.contributed_by,
        m4a,
        seconds=memory.file.about.seconds,
        shows=said.shows or said.title,
        transcript=said.text,
        now=now,
    )


def open_sound(story: Story, sound_id: uuid.UUID) -> bytes:
    """Return the M4A bytes of a recording of ``story``; raise StorySound.DoesNotExist, FileNotFoundError or VaultError."""
    sound = StorySound.objects.select_related("story").get(pk=sound_id, story=story)
    return open_bytes(sound.place(), objects.read(sound.pk))
