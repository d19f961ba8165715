"""The rows of a story; each file one concern."""

from alongside.stories.models.asking import AskedBefore, AskedRevision, Asking, Over
from alongside.stories.models.chapter import Chapter, Revision
from alongside.stories.models.consent import WORDING, Consent
from alongside.stories.models.draft import ChapterDraft
from alongside.stories.models.erasing import StoryErasingYes
from alongside.stories.models.link import Link, LinkDevice, LinkOver, LinkQuerySet, LinkYes
from alongside.stories.models.others import NeedsAnothersYes
from alongside.stories.models.photo import StoryPhoto
from alongside.stories.models.sound import StorySound
from alongside.stories.models.story import ChangedMeanwhile, NothingToTell, Story, StoryQuerySet

__all__ = [
    "WORDING",
    "AskedBefore",
    "AskedRevision",
    "Asking",
    "ChangedMeanwhile",
    "Chapter",
    "ChapterDraft",
    "Consent",
    "Link",
    "LinkDevice",
    "LinkOver",
    "LinkQuerySet",
    "LinkYes",
    "NeedsAnothersYes",
    "NothingToTell",
    "Over",
    "Revision",
    "Story",
    "StoryErasingYes",
    "StoryPhoto",
    "StoryQuerySet",
    "StorySound",
]
