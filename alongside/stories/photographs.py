"""A photograph in a story: put in as a sealed copy of its own, and opened for whom the policy let through."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from alongside import ids
from alongside.accounts.models import Account
from alongside.media import objects
from alongside.media.renditions import Rendition
from alongside.stories.models import Story, StoryPhoto
from alongside.stories.words import Beat, new_key
from alongside.vault import vaults
from alongside.vault.objects import open_bytes, seal_bytes
from alongside.vault.sealing import Place


def put_photo(
    story: Story, by: Account, rendition: Rendition, *, shows: str, taken_by: str, baby: bool, now: datetime
) -> Beat:
    """Keep a rendition under the story's own key and return the beat that stands for it (SECURITY 3.2)."""
    photo = StoryPhoto(
        story=story,
        contributed_by=by,
        item=ids.new_id(),
        width=rendition.width,
        height=rendition.height,
        created_at=now,
    )
    vaults.add_item(story.vault, photo.item)
    objects.write(photo.pk, seal_bytes(_place(story, photo.pk, photo.item), rendition.webp))
    photo.save(force_insert=True)
    digest = hashlib.sha256(rendition.webp).hexdigest()
    return Beat(new_key(), "photo", photo=ids.show(photo.pk), shows=shows, by=taken_by, baby=baby, sum=digest)


def open_photo(story: Story, photo_id: uuid.UUID) -> bytes:
    """Return the WebP bytes of a photograph of ``story``; raise StoryPhoto.DoesNotExist or VaultError."""
    photo = StoryPhoto.objects.get(pk=photo_id, story=story)
    return open_bytes(_place(story, photo.pk, photo.item), objects.read(photo.pk))


def _place(story: Story, photo: uuid.UUID, item: uuid.UUID) -> Place:
    return Place(vault=story.vault, item=item, table="stories_storyphoto", column="object", row=photo)
