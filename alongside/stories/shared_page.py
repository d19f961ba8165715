"""What is shared, as it is shown to somebody who is asked to hold a box and says yes to it or takes it back (C7)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.forms import BoundField
from django.urls import reverse

from alongside import ids
from alongside.keepsakes.people import listed
from alongside.stories import shown
from alongside.stories.beats import ShownChapter
from alongside.stories.coming_and_going import Shared
from alongside.stories.telling.changes import Change
from alongside.stories.telling.page import beside_the_text

if TYPE_CHECKING:
    from django.http import QueryDict  # noqa: TID251 - for the types alone

Fields = tuple[BoundField, BoundField]


@dataclass(frozen=True, slots=True)
class Row:
    """One story: its head, the names of who is invited to it, its chapters as readers get them, the fields for the answer."""

    head: shown.Head
    invited: str
    chapters: Sequence[ShownChapter]
    stands_with: Sequence[tuple[str, list[Change]]]
    answer: BoundField
    mark: BoundField


class _Page(shown.Page):
    """A story's chapters; what is unfolded, is unfolded on the page of the invitation."""

    folds = False

    def __init__(self, invitation: uuid.UUID, one: Shared, asked: QueryDict) -> None:
        super().__init__(one.story, one.parts, asked.getlist("unfold"), (), listened=asked.getlist("listen"))
        self.invitation = invitation
        self.address = reverse("families:invited", args=[invitation])

    def source(self, photo: str) -> str:
        return reverse("families:photo", args=[self.invitation, ids.read(photo)])

    def source_of_sound(self, sound: str) -> str:
        return reverse("families:sound", args=[self.invitation, ids.read(sound)])


def rows(
    invitation: uuid.UUID, shared: Iterable[Shared], fields: Callable[[uuid.UUID], Fields], asked: QueryDict
) -> list[Row]:
    """Return what is shared, story by story, with the fields for the answer to it.

    ``asked`` says which photographs and chapters are unfolded, and which recordings are listened to.
    """
    said = []
    for one in shared:
        page = _Page(invitation, one, asked)
        invited = listed([link.name for link in one.links])
        agreed = [chapter.open_revision for chapter, _ in one.parts if chapter.open_revision]
        beside = beside_the_text(agreed)
        said.append(Row(shown.head(one.story, one.parts), invited, page.chapters(), beside, *fields(one.story.pk)))
    return said
