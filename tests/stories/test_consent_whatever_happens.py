"""C1–C4, C6, C7: whatever one to three parents do in whatever order, nobody reads what not all of them agreed to."""

from __future__ import annotations

from contextlib import suppress
from copy import deepcopy
from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.stories.models import AskedBefore, Asking, Consent, NeedsAnothersYes, Story
from alongside.stories.shown import open_words, with_words
from alongside.stories.words import Beat, Words
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, box_of, draft, join, words
from tests.stories.family import CIRCLES, FamilyModel

circles = st.sampled_from(CIRCLES)
who = st.integers(0, 2)


def _as_at_a_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _with_photo(revision: int) -> Words:
    said = words(f"revision {revision}")
    return replace(said, beats=(*said.beats, Beat(key=f"p{revision}", kind="photo", shows="A hat.")))


def _number(said: Words) -> int:
    """Return the model's number of a revision: odd where it has a photograph, and without that one less."""
    return 2 * int(said.text().removeprefix("revision ")) + bool(said.photos())


class Consenting(RuleBasedStateMachine):
    """The product on one side, the plain model on the other."""

    cast: Cast
    people: tuple[Account, Account, Account]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.revisions = 0
        self.asked_for = "family"

    def one(self, number: int) -> int:
        """Return one of the current parents."""
        parents = sorted(self.model.parents)
        return parents[number % len(parents)]

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(parents=st.integers(1, 3), audience=circles)
    def begin(self, parents: int, audience: str) -> None:
        self.model = FamilyModel(set(range(parents)))
        self.box = box_of(*self.people[:parents])
        self.story = draft(self.people[0], self.box, words("revision 0"))
        self.model.chapters.append([0])
        self.model.author[0] = 0
        self._says_yes(0, audience)

    @rule(parent=who, audience=circles)
    def proposes(self, parent: int, audience: str) -> None:
        """Ask, widen or narrow: all one verb."""
        self._says_yes(self.one(parent), audience)

    @rule(parent=who)
    def agrees(self, parent: int) -> None:
        """Say yes to what was asked last."""
        self._says_yes(self.one(parent), self.asked_for)

    def _says_yes(self, parent: int, audience: str) -> None:
        self.asked_for = audience
        by = self.people[parent]
        opened = None
        with suppress(AskedBefore, NeedsAnothersYes), acting_for(by.pk):
            opened = self.story.publish(by, Audience(audience), NOW)
            _as_at_a_commit()
        assert opened == self.model.publish(parent, audience)
        self._let_through()

    def _let_through(self) -> None:
        self.story.refresh_from_db()
        if self.story.hold is not None and self.story.hold.released_at is None:
            self.story.hold.release(self.cast.dami, NOW)

    @rule(parent=who, chapter=st.integers(0, 1), photo=st.booleans())
    def revises(self, parent: int, chapter: int, photo: bool) -> None:
        """Write another version, or a second chapter; nobody has agreed to it yet."""
        if chapter > len(self.model.chapters):
            return
        parent = self.one(parent)
        self.revisions += 1
        said = _with_photo(self.revisions) if photo else words(f"revision {self.revisions}")
        with acting_for(self.people[parent].pk):
            if chapter == len(self.model.chapters):
                self.story.add_chapter(self.people[parent], said, now=NOW)
                self.model.chapters.append([])
            else:
                row = self.story.chapters.get(place=chapter)
                row.revise(self.people[parent], said, circumstances=Circumstances(), now=NOW)
            _as_at_a_commit()
        self.model.chapters[chapter].append(_number(said))
        self.model.author[_number(said)] = parent

    def _asking(self, by: Account) -> Asking | None:
        with acting_for(by.pk):
            asking = Asking.objects.open().filter(story=self.story).first()
        assert (asking is None) == (self.model.asked is None)
        return asking

    @rule(parent=who, answer=st.sampled_from([Consent.Answer.NOT_YET, Consent.Answer.NO]))
    def puts_off(self, parent: int, answer: Consent.Answer) -> None:
        """Say not yet, or no, to what stands asked (C4)."""
        parent = self.one(parent)
        asking = self._asking(self.people[parent])
        if asking is None:
            return
        with acting_for(self.people[parent].pk):
            asking.say(self.people[parent], answer, NOW)
            _as_at_a_commit()
        self.model.put_off_asked(parent)

    @rule(parent=who)
    def agrees_to_what_is_asked(self, parent: int) -> None:
        """Say yes to just what stands asked, whatever was written since."""
        parent = self.one(parent)
        asking = self._asking(self.people[parent])
        if asking is None or self.model.asked is None:
            return
        opened = None
        with suppress(NeedsAnothersYes), acting_for(self.people[parent].pk):
            opened = asking.yes(self.people[parent], NOW)
            _as_at_a_commit()
        assert opened == self.model.publish(parent, *self.model.asked)
        self._let_through()

    @rule(parent=who)
    def agrees_without_the_photo(self, parent: int) -> None:
        """Say yes, without the photographs: words without them carry this yes, and wait for the others' (C4)."""
        parent = self.one(parent)
        by = self.people[parent]
        asking = self._asking(by)
        if asking is None or self.model.asked is None:
            return
        opened, (audience, asked) = None, self.model.asked
        before = deepcopy(self.model)
        without = self.model.put_off_asked(parent, {revision for revision in asked.values() if revision % 2})
        shown = {chapter: revision - (revision in without) for chapter, revision in asked.items()}
        for chapter, revision in shown.items():
            if revision != asked[chapter]:
                self.model.chapters[chapter].append(revision)
                self.model.author[revision] = parent
        with suppress(AskedBefore, NeedsAnothersYes), acting_for(by.pk):
            photos = {beat.key for revision in asking.asked() for beat in revision.words.photos()}
            opened = asking.yes_without(by, photos, NOW)
            _as_at_a_commit()
        assert opened == self.model.publish(parent, audience, shown)
        if opened is None:
            self.model = before
        self._let_through()

    @rule(parent=who)
    def takes_back(self, parent: int) -> None:
        parent = self.one(parent)
        with acting_for(self.people[parent].pk):
            self.story.withdraw(self.people[parent], NOW)
            _as_at_a_commit()
        self.model.withdraw()

    @precondition(lambda self: len(self.model.parents) > 1)
    @rule(parent=who)
    def leaves(self, parent: int) -> None:
        parent = self.one(parent)
        with transaction.atomic():
            self.box.family.parent(self.people[parent]).leave(NOW)
            _as_at_a_commit()
        self.model.leave(parent)

    @rule(parent=who, takes_back=st.booleans())
    def accepts(self, parent: int, takes_back: bool) -> None:
        """Come in as a parent, or again: with an answer to what stands open in the same transaction, or not at all."""
        if parent in self.model.parents:
            return
        account = self.people[parent]
        unanswered = self.model.standing and self.model.audience != "family" and not takes_back
        try:
            with acting_for(account.pk):
                self.box.family.accept(account, NOW + A_DAY)
                if takes_back:
                    self.story.withdraw(account, NOW)
                _as_at_a_commit()
        except IntegrityError:
            assert unanswered, "refused though nothing stood open unanswered"
            return
        assert not unanswered, "let in without an answer to what stands open (C7)"
        self.model.parents.add(parent)
        if takes_back:
            self.model.withdraw()

    @invariant()
    def readers_get_what_was_agreed(self) -> None:
        for circle, reader in (("open", None), ("members", self.cast.piotr), ("lived", self.cast.ruth)):
            asks = self.cast.reader(reader)
            seen = with_words(Story.objects.visible_to(asks).filter(pk=self.story.pk)).first()
            got = [_number(said) for _, said in open_words(seen, asks)] if seen else []
            assert got == self.model.strangers_get(circle), circle
            for revision in got:
                assert self.model.lacks_a_yes(revision, self.model.audience) == set()


@pytest.mark.django_db
def test_c1_nothing_is_read_that_not_every_parent_agreed_to(cast: Cast) -> None:
    Consenting.cast = cast
    Consenting.people = (join("Oluchi"), join("Bisi"), join("Noor"))
    run_state_machine_as_test(
        Consenting,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
