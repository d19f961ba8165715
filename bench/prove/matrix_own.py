"""What is somebody's own (boxes, keepsakes, sheets, people, settings), and the cells of [[guarded]] in matrix.toml.

Imported when Django is set up. Each route is asked for by each role with each method. A POST is sent only by those
whom the table refuses, so that every cell meets the same house; what the others may do has tests of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from alongside import ids
from alongside.accounts.models import Account, Agreement, Block, MustNotSee, Welcome
from alongside.database.viewer import acting_for
from alongside.families.models import Invitation, Parent, Relative
from alongside.keepsakes.files.keeping import keep_photo, keep_voice
from alongside.keepsakes.models import (
    Baby,
    Erasure,
    KeepsakeBox,
    Memory,
    MemoryFile,
    MemoryObject,
    MemoryVersion,
    Shown,
    Upload,
    UploadPiece,
)
from alongside.keepsakes.said import Said
from alongside.keepsakes.uploads import pieces
from alongside.media import in_memory
from alongside.media.addresses import good_for
from alongside.media.renditions import Rendition
from alongside.sheets.models import Sheet, SheetVersion
from alongside.stories.composing.drafts import From, keep, of_revision
from alongside.stories.models import (
    Asking,
    Chapter,
    ChapterDraft,
    Consent,
    Link,
    LinkDevice,
    LinkYes,
    Revision,
    Story,
    StoryPhoto,
)
from alongside.stories.photographs import put_photo
from alongside.stories.words import beats_of
from alongside.visibility.audience import Audience
from bench.prove.matrix_table import TABLE, Cell
from tests.cast import A_DAY, NOW, box_of, draft, join, says_yes, words
from tests.home.browser import Browser
from tests.keepsakes.pictures import photograph, recording
from tests.stories.invited import named
from tests.stories.spoken import puts_sound_in

CARRIERS: list[str] = TABLE["carriers"]
ROLES: list[str] = [*TABLE["roles"], *TABLE["more_roles"], *CARRIERS]
REFUSED = frozenset({302, 401, 404, 405, 422})
OTHER_METHODS = {"guest", "parent", "relative", "stranger_parent"}
"""Who asks with PUT, PATCH, DELETE and OPTIONS too: no view knows them, whoever asks."""
PIXELS = Rendition(b"RIFF....WEBP", 4, 3)


@dataclass(frozen=True)
class House:
    """Everybody's browser, and what the addresses are made of."""

    browsers: dict[str, Browser]
    parts: dict[str, str]
    owner: Account

    def browser(self, role: str, _path: str, /) -> Browser:
        return self.browsers[role]

    def state(self) -> list[object]:
        """Return all that a request of somebody who may not could have changed."""
        with acting_for(self.owner.pk):
            models = (
                Memory,
                MemoryFile,
                MemoryObject,
                Upload,
                UploadPiece,
                MemoryVersion,
                Shown,
                Sheet,
                SheetVersion,
                KeepsakeBox,
                Baby,
                MustNotSee,
                Agreement,
                Asking,
                Consent,
                Link,
                LinkYes,
                LinkDevice,
                Chapter,
                Revision,
                ChapterDraft,
                StoryPhoto,
            )
            own = [list(model._default_manager.order_by("pk").values()) for model in models]
        people = [
            list(model._default_manager.order_by("pk").values()) for model in (Parent, Relative, Erasure, Block, Story)
        ]
        invited = list(Invitation.objects.order_by("pk").values("pk", "accepted_at", "taken_back_at", "expires_at"))
        return [*own, *people, invited]


def cells(house: House) -> Iterator[Cell]:
    """Every cell of [[guarded]]."""
    for row in TABLE["guarded"]:
        path = row["path"].format(**house.parts)
        for role in ROLES:
            got = int(row["get"].get(role, _otherwise(row["get"], role)))
            may_post = row.get("post", {}).get(role, row.get("post", {}).get("others")) == 0
            for method in TABLE["methods"]:
                if method in {"GET", "HEAD"}:
                    yield Cell(role, method, path, frozenset({got}), row["path"])
                elif (method == "POST" and got in REFUSED and not may_post) or (
                    method != "POST" and role in OTHER_METHODS
                ):
                    yield Cell(role, method, path, REFUSED, row["path"])


def _otherwise(answers: dict[str, int], role: str) -> int | None:
    """Return the answer for a role that is not named; who carries a link is a guest."""
    return answers.get("guest" if role in CARRIERS and "guest" in answers else "others")


def build() -> House:
    """Make everybody, and what two of them keep."""
    people = {role: join(role.replace("_", "-"), lived=role not in {"member", "host", "steward"}) for role in ROLES}
    people["host"].host_since = people["steward"].steward_since = NOW - 90 * A_DAY
    people["waiting"].admitted_at = None
    for role in ("host", "steward", "waiting"):
        people[role].save()
    box = box_of(people["parent"], people["other_parent"], people["former_parent"])
    box.family.parent(people["former_parent"]).leave(NOW - 60 * A_DAY)
    box_of(people["stranger_parent"], name="Sol")
    browsers = {
        role: Browser(None if role in ("guest", *CARRIERS) else account, checks_tokens=False)
        for role, account in people.items()
    }
    return House(browsers, _parts(people, box) | _read_by_a_link(people, box, browsers), people["parent"])


def _read_by_a_link(people: dict[str, Account], box: KeepsakeBox, browsers: dict[str, Browser]) -> dict[str, str]:
    """Tell a story to invited people, and give those who carry its link what they carry."""
    parent, other = people["parent"], people["other_parent"]
    story = draft(parent, box)
    says_yes(story, parent, other, to=Audience.INVITED)
    stands, over = (named(story, parent, other)[0] for _ in range(2))
    for role, link in (("invited", stands), ("uninvited", over)):
        browsers[role].cookies[settings.LINKS_COOKIE_NAME] = link.bind()
    Link.objects.filter(pk=over.pk).update(revoked_at=NOW)
    return {"story": ids.show(story.pk), "link": ids.show(stands.pk)}


def _parts(people: dict[str, Account], box: KeepsakeBox) -> dict[str, str]:
    parent = people["parent"]
    gone = box.family.accept_relative(people["former_relative"], NOW)
    gone.part(people["former_relative"], NOW)
    with acting_for(parent.pk):
        relative = box.family.accept_relative(people["relative"], NOW)
        shown = Memory.put(parent, box, "object", now=NOW, said=Said(title="The hat"))
        shown.show_to(parent, [relative.pk])
        only_us = Memory.put(parent, box, "text", now=NOW, said=Said(text="Dear Ansel,"))
        sheet = _sheet(parent)
        invitation, _ = box.family.invite(parent, "parent", name="", now=NOW)
        photo, shown_photo, voice = _keeps_all(parent, box, relative)
        upload = _sends(parent, box)
        asked, heard = _asks(parent, box)
        named = MustNotSee.objects.keep_away(parent, "ex@example.org", NOW)
    welcome, _ = Welcome.make(people["host"], NOW)
    rows: dict[str, Any] = {
        "box": box,
        "shown": shown,
        "only_us": only_us,
        "sheet": sheet,
        "invitation": invitation,
        "relative": relative,
        "named": named,
        "welcome": welcome,
        "photo": photo,
        "shown_photo": shown_photo,
        "voice": voice,
        "upload": upload,
        "draft": draft(parent, box),
        **asked,
    }
    shown_ids = {name: ids.show(row.pk) for name, row in rows.items()} | {"absent": ids.show(ids.new_id())}
    return shown_ids | {
        "recording": heard,
        "photo_good": good_for(shown_ids["photo"], "page"),
        "shown_good": good_for(shown_ids["shown_photo"], "page"),
        "voice_good": good_for(shown_ids["voice"], "sound"),
        **_writes(parent, box),
    }


def _writes(parent: Account, box: KeepsakeBox) -> dict[str, str]:
    """Let a parent write a story that nobody else saw, and one about which the other parent was asked."""
    drafted, asked = (draft(parent, box, words("He was born before it was light.")) for _ in range(2))
    says_yes(asked, parent)
    with acting_for(parent.pk):
        chapter = drafted.chapters.get()
        keep(chapter, parent, of_revision(chapter.newest()).followed_by(beats_of("More.")), From(0, 1, "tab"), NOW)
        photo = put_photo(drafted, parent, PIXELS, shows="A hat.", taken_by="", baby=True, now=NOW).photo
    return {
        "drafted": ids.show(drafted.pk),
        "chapter": ids.show(chapter.pk),
        "asked": ids.show(asked.pk),
        "asked_chapter": ids.show(asked.chapters.get().pk),
        "drafted_photo": photo,
        "drafted_good": good_for(ids.show(drafted.pk), photo),
    }


def _sheet(parent: Account) -> Sheet:
    sheet = Sheet.begin(ids.new_id(), parent, NOW)
    sheet.keep(parent, Said(text="It is ten past three."), base=0, tab="", now=NOW)
    return sheet


def _sends(parent: Account, box: KeepsakeBox) -> Upload:
    upload = pieces.begin(parent, box, "photo", ids.new_id(), "one", NOW)
    pieces.take(upload, 0, b"some bytes", NOW)
    return upload


def _asks(parent: Account, box: KeepsakeBox) -> tuple[dict[str, Any], str]:
    """Ask about a story; return it and the question, and the shown id of its recording."""
    story = draft(parent, box)
    story.publish(parent, Audience.OPEN, NOW)
    return {"told": story, "asking": story.askings.get()}, puts_sound_in(story, parent).sound


def _keeps_all(parent: Account, box: KeepsakeBox, relative: Relative) -> tuple[Memory, Memory, Memory]:
    """Put in a photograph, one that a relative is shown, and a recording."""
    photo, shown, voice = (_keeps(parent, box, kind) for kind in ("photo", "photo", "voice"))
    shown.show_to(parent, [relative.pk])
    return photo, shown, voice


def _keeps(parent: Account, box: KeepsakeBox, kind: str) -> Memory:
    """Put a photograph or a recording in, whole."""
    source = in_memory.blank()
    source.write(photograph(64, 48) if kind == "photo" else recording(0.5))
    keep = keep_photo if kind == "photo" else keep_voice
    return keep(parent, box, source, pk=ids.new_id(), now=NOW)
