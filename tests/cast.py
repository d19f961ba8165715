"""A named cast of people, so that a test reads as a sentence: Mara and Tobias told of Ansel; Ruth has lived it too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from alongside.accounts.joining import WORDING
from alongside.accounts.models import KEEPING, Account, Block, agree
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family
from alongside.keepsakes.models import KeepsakeBox
from alongside.stories.models import Story
from alongside.stories.words import Words, beats_of
from alongside.visibility.audience import Audience
from alongside.visibility.reader import Reader

NOW = datetime(2026, 11, 20, 3, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
TEXT = "They turned the screen away from us, slowly.\n\nHe was born before it was light. He had Tobias's chin."


@dataclass(frozen=True)
class Cast:
    """Accounts by name, and Ansel's box."""

    mara: Account
    tobias: Account
    ruth: Account
    piotr: Account
    dami: Account
    box: KeepsakeBox

    def reader(self, account: Account | None) -> Reader:
        """Return the Reader that this account is now; None is a guest."""
        return Reader.of(account) if account else Reader.guest()


def join(name: str, *, lived: bool = True) -> Account:
    """Let somebody invented join."""
    account = Account.objects.join(f"{name.lower()}@example.org", name=name, now=NOW - 400 * A_DAY)
    if lived:
        account.profile.say_lived(NOW - 399 * A_DAY)
    with acting_for(account.pk):
        agree(account, KEEPING, WORDING, NOW - 400 * A_DAY)
    return account


def gather() -> Cast:
    """Make the cast: Mara and Tobias are parents, Ruth has lived it, Piotr has not said so, Dami is a host."""
    mara, tobias, ruth, dami = (join(name) for name in ("Mara", "Tobias", "Ruth", "Dami"))
    piotr = join("Piotr", lived=False)
    dami.host_since = NOW - 300 * A_DAY
    dami.save()
    return Cast(mara, tobias, ruth, piotr, dami, box_of(mara, tobias))


def box_of(*parents: Account, name: str = "Ansel") -> KeepsakeBox:
    """Make a family of these parents, with a box."""
    first, *others = parents
    with acting_for(first.pk):
        family = Family.begin(first, NOW - 200 * A_DAY)
        for other in others:
            family.accept(other, NOW - 200 * A_DAY)
        return KeepsakeBox.begin(family, name=name, cloth="slate", now=NOW - 200 * A_DAY)


def words(text: str = TEXT, *, title: str = "Ansel", told_by: str = "Mara", **more: object) -> Words:
    """Return a chapter's words."""
    return Words(title=title, beats=beats_of(text), told_by=told_by, **more)  # type: ignore[arg-type]


def draft(
    by: Account,
    box: KeepsakeBox,
    said: Words | None = None,
    *,
    facts: Circumstances | None = None,
    language: str = "en",
) -> Story:
    """Let somebody write a story that nobody else has seen."""
    with acting_for(by.pk):
        story = Story.begin(by, box, language=language, now=NOW - 100 * A_DAY)
        story.add_chapter(by, said or words(), circumstances=facts, now=NOW - 100 * A_DAY)
    return story


def says_yes(story: Story, *parents: Account, to: Audience = Audience.OPEN, at: datetime = NOW) -> bool:
    """Let parents say yes in turn; return whether the last yes opened it."""
    opened = False
    for parent in parents:
        with acting_for(parent.pk):
            opened = story.publish(parent, to, at)
    return opened


def told(
    cast: Cast,
    said: Words | None = None,
    *,
    to: Audience = Audience.OPEN,
    facts: Circumstances | None = None,
    language: str = "en",
    at: datetime = NOW - 50 * A_DAY,
) -> Story:
    """Let Mara tell a story with Tobias's yes, and Dami let it through if it was held."""
    story = draft(cast.mara, cast.box, said, facts=facts, language=language)
    says_yes(story, cast.mara, cast.tobias, to=to, at=at)
    if story.hold is not None and story.hold.released_at is None:
        story.hold.release(cast.dami, at)
    return story


def block(blocker: Account, blocked: Account) -> None:
    """Let somebody block somebody."""
    Block.objects.create(blocker=blocker, blocked=blocked, since=NOW)
