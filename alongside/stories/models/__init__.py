"""The rows of a story; each file one concern."""

from alongside.stories.models.chapter import Chapter, Revision
from alongside.stories.models.consent import WORDING, Consent
from alongside.stories.models.photo import StoryPhoto
from alongside.stories.models.story import NothingToTell, Story, StoryQuerySet

__all__ = ["WORDING", "Chapter", "Consent", "NothingToTell", "Revision", "Story", "StoryPhoto", "StoryQuerySet"]
