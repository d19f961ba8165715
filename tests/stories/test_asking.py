"""C1–C4, D3: what is asked, the four answers, and that none of them says more than it should."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.keepsakes import erasing as erasing_of_boxes
from alongside.keepsakes.erasing import Gone
from alongside.keepsakes.models import Erasure
from alongside.media.renditions import Rendition
from alongside.stories import erasing
from alongside.stories.models import (
    AskedBefore,
    AskedRevision,
    Asking,
    ChangedMeanwhile,
    Chapter,
    Consent,
    NothingToTell,
    Over,
    Revision,
    Story,
    StoryPhoto,
    StorySound,
)
from alongside.stories.photographs import open_photo, put_photo
from alongside.stories.recordings import open_sound
from alongside.stories.shown import open_words, with_words
from alongside.stories.words import Words
from alongside.vault.errors import KeyErased
from alongside.visibility.audience import Audience
from tests.cast import A_DAY, NOW, Cast, draft, join, says_yes, told, words
from tests.stories.spoken import puts_sound_in

pytestmark = pytest.mark.django_db
NOT_YET, NO = Consent.Answer.NOT_YET, Consent.Answer.NO
PIXELS = Rendition(b"RIFF....WEBP", 4, 3)


def asked(story: Story) -> Asking:
    """Return the question that stands; its parents alone see it, so the teller looks."""
    with acting_for(story.teller_id):
        return story.askings.open().get()


def says(story: Story, who: Account, answer: Consent.Answer) -> None:
    with acting_for(who.pk):
        asked(story).say(who, answer, NOW)


def what_a_guest_gets(cast: Cast, story: Story) -> list[str]:
    story.refresh_from_db()
    if story.hold is not None and story.hold.released_at is None:
        story.hold.release(cast.dami, NOW)
    guest = cast.reader(None)
    seen = with_words(Story.objects.visible_to(guest).filter(pk=story.pk)).first()
    return [said.text() for _, said in open_words(seen, guest)] if seen else []


def test_c1_a_first_yes_asks_the_others_with_a_word_to_them(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        assert not story.publish(cast.mara, Audience.OPEN, NOW, note="Read it when you can.")
    with acting_for(cast.tobias.pk):
        question = asked(story)
        assert (question.by, question.audience) == (cast.mara, Audience.OPEN)
        assert question.note == "Read it when you can."
        assert question.answer_of(cast.tobias) == ""
        assert question.yes(cast.tobias, NOW)
        assert not story.askings.open().exists()
    assert what_a_guest_gets(cast, story)


@pytest.mark.parametrize("answer", [NOT_YET, NO])
def test_c4_not_yet_and_no_open_nothing_and_are_not_asked_again(cast: Cast, answer: Consent.Answer) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    says(story, cast.tobias, answer)
    assert not what_a_guest_gets(cast, story)
    with acting_for(cast.mara.pk):
        assert not story.publish(cast.mara, Audience.OPEN, NOW), "the same question stands"
        story.withdraw(cast.mara, NOW)
        with pytest.raises(AskedBefore):
            story.publish(cast.mara, Audience.OPEN, NOW)
        assert not story.publish(cast.mara, Audience.LIVED, NOW), "for fewer readers it is another question"


@pytest.mark.parametrize("answer", [NOT_YET, NO])
def test_c4_other_words_may_be_asked_about(cast: Cast, answer: Consent.Answer) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    says(story, cast.tobias, answer)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("Fewer words."), circumstances=Circumstances(), now=NOW)
        assert not story.publish(cast.mara, Audience.OPEN, NOW)
    assert says_yes(story, cast.tobias)


@pytest.mark.parametrize("answer", [NOT_YET, NO])
def test_c4_an_answer_can_be_changed(cast: Cast, answer: Consent.Answer) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    says(story, cast.tobias, answer)
    with acting_for(cast.tobias.pk):
        assert asked(story).answer_of(cast.tobias) == answer
        assert asked(story).yes(cast.tobias, NOW)
    assert what_a_guest_gets(cast, story)


def test_c2_a_not_yet_to_new_words_leaves_the_agreed_ones_up(cast: Cast) -> None:
    story = told(cast)
    before = what_a_guest_gets(cast, story)
    with acting_for(cast.mara.pk):
        story.add_chapter(cast.mara, words("Two years on."), now=NOW)
        assert not story.publish(cast.mara, Audience.OPEN, NOW)
    says(story, cast.tobias, NO)
    assert what_a_guest_gets(cast, story) == before
    with acting_for(cast.tobias.pk):
        assert asked(story).yes(cast.tobias, NOW)
    assert len(what_a_guest_gets(cast, story)) == 2


def test_c4_yes_without_the_photo_waits_for_the_others_yes(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        beat = put_photo(story, cast.mara, PIXELS, shows="A hat", taken_by="", baby=False, now=NOW)
        first = words()
        with_photo = Words(title="Ansel", beats=(*first.beats, beat), told_by="Mara")
        story.chapters.get().revise(cast.mara, with_photo, circumstances=Circumstances(weeks=24), now=NOW)
    says_yes(story, cast.mara)
    with acting_for(cast.tobias.pk):
        question = asked(story)
        assert not question.yes_without(cast.tobias, [beat.key], NOW)
    assert not what_a_guest_gets(cast, story)
    with acting_for(cast.mara.pk):
        turned = asked(story)
        assert turned.by == cast.tobias
        assert turned.pk != question.pk
        (revision,) = turned.asked()
        assert not revision.words.photos()
        assert revision.circumstances.weeks == 24
        assert turned.answer_of(cast.tobias) == "yes"
        assert turned.yes(cast.mara, NOW)
    assert what_a_guest_gets(cast, story)
    assert not story.chapters.get().open_revision.words.photos()  # type: ignore[union-attr]


def test_c1_with_three_everyone_is_asked_and_a_yes_is_no_new_question(cast: Cast) -> None:
    ilse = join("Ilse")
    with acting_for(cast.mara.pk):
        cast.box.family.accept(ilse, NOW)
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    says(story, cast.tobias, NOT_YET)
    question = asked(story)
    assert not says_yes(story, ilse), "a yes beside a not yet"
    assert asked(story) == question
    assert says_yes(story, cast.tobias)


def test_c1_a_yes_is_to_what_was_shown_and_not_to_what_came_after(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    with acting_for(cast.mara.pk):
        story.chapters.get().revise(cast.mara, words("SECRET"), circumstances=Circumstances(), now=NOW)
    with acting_for(cast.tobias.pk):
        assert asked(story).yes(cast.tobias, NOW)
    assert "SECRET" not in "".join(what_a_guest_gets(cast, story))


def test_c6_what_is_not_one_revision_of_each_open_chapter_is_refused(cast: Cast) -> None:
    story, other = told(cast), told(cast)
    with acting_for(cast.mara.pk):
        chapter = story.add_chapter(cast.mara, words("Two years on."), now=NOW)
        first, second = story.chapters.order_by("place").first(), chapter
        assert first is not None
        again = second.revise(cast.mara, words("Three."), circumstances=Circumstances(), now=NOW)
        strange = other.chapters.get().newest()
        for shown in ([again.pk], [first.newest().pk, strange.pk], [first.newest().pk, *_all(second)]):
            with pytest.raises(ChangedMeanwhile):
                story.publish(cast.mara, Audience.OPEN, NOW, shown=shown)


def _all(chapter: Chapter) -> list[uuid.UUID]:
    return list(Revision.objects.filter(chapter=chapter).values_list("pk", flat=True))


def test_c3_taking_back_ends_the_question(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    says_yes(story, cast.mara)
    question = asked(story)
    with acting_for(cast.tobias.pk):
        story.withdraw(cast.tobias, NOW)
        for late in (lambda: question.yes(cast.tobias, NOW), lambda: question.say(cast.tobias, NO, NOW)):
            with pytest.raises(Over):
                late()


def test_v1_a_draft_can_be_shown_to_the_other_parent_and_nothing_asked(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    assert not Story.objects.visible_to(cast.reader(cast.tobias)).exists()
    with acting_for(cast.tobias.pk), pytest.raises(NothingToTell):
        story.show_family(cast.tobias, NOW)
    with acting_for(cast.mara.pk):
        story.show_family(cast.mara, NOW)
    assert Story.objects.visible_to(cast.reader(cast.tobias)).exists()
    assert not story.askings.exists()


def test_s5_what_is_asked_is_the_familys_alone(cast: Cast) -> None:
    says_yes(draft(cast.mara, cast.box), cast.mara)
    assert Asking.objects.count() == 0, "nobody looks"
    with acting_for(cast.ruth.pk):
        assert Asking.objects.count() == 0
        assert AskedRevision.objects.count() == 0
    with acting_for(cast.tobias.pk):
        assert Asking.objects.count() == 1


@pytest.mark.django_db(transaction=False)
def test_d3_erasing_closes_it_and_it_can_come_back_until_it_is_due(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.mara.pk):
        assert erasing.agree_to_erase(story, cast.mara, timezone.now()) is not None, "the words are hers alone"
    assert not what_a_guest_gets(cast, story)
    assert not Story.objects.visible_to(cast.reader(cast.mara)).exists()
    with acting_for(cast.tobias.pk), pytest.raises(Gone):
        erasing.bring_back(story.pk, cast.tobias, timezone.now())
    with acting_for(cast.mara.pk):
        erasing.bring_back(story.pk, cast.mara, timezone.now())
    assert what_a_guest_gets(cast, story), "every yes still stands"


def test_c1_what_two_wrote_is_erased_with_both_their_yes(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.tobias.pk):
        story.chapters.get().revise(cast.tobias, words("Mine too."), circumstances=Circumstances(), now=NOW)
    with acting_for(cast.mara.pk):
        assert erasing.agree_to_erase(story, cast.mara, NOW, fresh=True) is None
    assert what_a_guest_gets(cast, story)
    with acting_for(cast.tobias.pk):
        erasure = erasing.agree_to_erase(story, cast.tobias, NOW, fresh=True)
        assert erasure is not None
        assert erasure.due_at > NOW, "what is another's too has always its 72 hours"


def test_l1_an_erased_storys_key_is_gone_and_its_copies_with_it(cast: Cast) -> None:
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        beats = (
            put_photo(story, cast.mara, PIXELS, shows="", taken_by="", baby=True, now=NOW),
            puts_sound_in(story, cast.mara),
        )
        said = Words(title="Ansel", beats=(*words().beats, *beats), told_by="Mara")
        story.chapters.get().revise(cast.mara, said, circumstances=Circumstances(), now=NOW)
        revision = story.chapters.get().newest()
        photo, sound = story.photos.get().pk, story.sounds.get().pk
    says_yes(story, cast.mara, cast.tobias)
    now = timezone.now()
    with acting_for(cast.mara.pk):
        erasing.agree_to_erase(story, cast.mara, now)
    # Whoever asked may have left by then.
    cast.box.family.parent(cast.mara).leave(now)
    due = now + 3 * A_DAY
    Story.objects.filter(pk=story.pk).update(erasing_at=now - A_DAY)
    Erasure.objects.update(due_at=now - A_DAY)
    assert erasing_of_boxes.finish_due(due, {Erasure.Kind.STORY: erasing.remove_story}) == 1
    with pytest.raises(KeyErased):
        _ = Revision(chapter=revision.chapter, item=revision.item, words_sealed=revision.words_sealed).words
    assert not StoryPhoto.objects.filter(pk=photo).exists()
    with acting_for(cast.tobias.pk):
        assert not Revision.objects.filter(chapter__story=story).exists()
        assert not Asking.objects.filter(story=story).exists()
    with pytest.raises(StoryPhoto.DoesNotExist):
        open_photo(story, photo)
    with pytest.raises(StorySound.DoesNotExist):
        open_sound(story, sound)


def test_l1_the_database_empties_no_story_that_is_not_due(cast: Cast) -> None:
    story = told(cast)
    with pytest.raises(Exception, match="not due"):
        erasing.remove_story(Erasure(kind=Erasure.Kind.STORY, subject=story.pk, vault=story.vault))
