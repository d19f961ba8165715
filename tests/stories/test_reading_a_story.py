"""V5, V7, P1, P3: a story's page, its folded photographs and chapters, and what is left of it once it is taken back."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import time_machine
from PIL import Image

from alongside import ids
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.matching import index
from alongside.media.renditions import Rendition, render
from alongside.stories.models import Story, StoryPhoto
from alongside.stories.photographs import put_photo
from alongside.stories.shown import Page, open_words, with_words
from alongside.stories.words import Beat, Words, beats_of
from alongside.visibility.audience import Audience
from alongside.visibility.reader import Reader
from tests.cast import NOW, Cast, block, draft, says_yes, told, words
from tests.home.browser import Browser

pytestmark = pytest.mark.django_db


def photograph(width: int = 1237, height: int = 811) -> Rendition:
    """Return a rendition with a size that nothing else on a page has."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(out, "PNG")
    return render(out.getvalue())


@dataclass(frozen=True)
class Told:
    """An open story of two chapters: a photograph in the first, a new pregnancy in the second."""

    story: Story
    photo: StoryPhoto
    rendition: Rendition

    @property
    def url(self) -> str:
        return f"/read/{ids.show(self.story.pk)}/"

    @property
    def shown(self) -> str:
        return ids.show(self.photo.pk)

    @property
    def second(self) -> str:
        return ids.show(self.story.chapters.get(place=1).pk)

    def src(self, browser: Browser) -> str:
        """Return the address of the photograph as the unfolded page gives it."""
        page = browser.get(f"{self.url}?unfold={self.shown}").content.decode()
        found = re.search(r'<img src="([^"]+)"', page)
        assert found, "the photograph is on the page once it is unfolded"
        return found[1].replace("&amp;", "&")


@pytest.fixture
def ansel(cast: Cast) -> Told:
    rendition = photograph()
    story = draft(cast.mara, cast.box)
    with acting_for(cast.mara.pk):
        slip = "Ansel's blanket, that morning."
        beat = put_photo(story, cast.mara, rendition, shows=slip, taken_by="Bisi", baby=True, now=NOW)
        first = words("They turned the screen away.\n\n## At home\n\n> Sleep now.")
        first = replace(first, beats=(*first.beats, beat), line="Born still at 24 weeks")
        story.chapters.get().revise(cast.mara, first, circumstances=Circumstances(weeks=24), now=NOW)
        later = Words("Two years on", beats_of("WORDS-OF-HOPE we are expecting."), "Mara", fold="new_pregnancy")
        story.add_chapter(cast.mara, later, now=NOW)
    says_yes(story, cast.mara, cast.tobias)
    assert story.hold is not None
    story.hold.release(cast.dami, NOW)
    return Told(story, StoryPhoto.objects.get(story=story), rendition)


def test_a_guest_reads_the_words_as_they_were_agreed(ansel: Told) -> None:
    page = Browser().get(ansel.url).content.decode()
    for said in ("They turned the screen away.", "At home", "Sleep now.", "Born still at 24 weeks", "Told by Mara"):
        assert said in page
    assert "<blockquote" in page
    assert "Ansel" not in re.findall("<title>(.*?)</title>", page)[0], "a title is the section only"


def test_what_not_everyone_agreed_to_is_not_on_the_page(cast: Cast, ansel: Told) -> None:
    with acting_for(cast.mara.pk):
        ansel.story.chapters.get(place=0).revise(
            cast.mara, words("SECRET-SECOND-THOUGHTS"), circumstances=Circumstances(), now=NOW
        )
        ansel.story.add_chapter(cast.mara, words("SECRET-THIRD-CHAPTER"), now=NOW)
    says_yes(ansel.story, cast.mara)
    for browser in (Browser(), Browser(cast.ruth), Browser(cast.tobias), Browser(cast.mara)):
        assert "SECRET" not in browser.get(ansel.url).content.decode()


def test_p1_a_folded_photo_leaves_nothing_of_itself_in_the_page(ansel: Told) -> None:
    page = Browser().get(ansel.url).content.decode()
    assert "Ansel&#x27;s blanket, that morning." in page
    assert "Unfold this photo" in page
    assert "<img" not in page
    for trace in (
        "1237",
        "811",
        "/photo/",
        "good=",
        "data:image",
        "blurhash",
        "<picture",
        "srcset",
        'preload" as="image',
    ):
        assert trace not in page, trace


def test_p1_unfolding_asks_and_gives_just_that_photo(ansel: Told) -> None:
    browser = Browser()
    answer = browser.get(ansel.src(browser))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer.content == ansel.rendition.webp
    page = browser.get(f"{ansel.url}?unfold={ansel.shown}").content.decode()
    assert 'width="1237"' in page or 'width="1280"' in page
    assert "Fold it again" in page


def test_p1_unfolding_is_forgotten_on_the_next_visit(ansel: Told) -> None:
    browser = Browser()
    browser.get(f"{ansel.url}?unfold={ansel.shown}")
    assert "<img" not in browser.get(ansel.url).content.decode()


@pytest.mark.parametrize(
    "asked", ["", "x", "A" * 22, "../../etc", '"><script>alert(1)</script>', "%00", "A" * 5000, "Ａ" * 22]
)
def test_p1_asking_for_something_else_unfolds_nothing(ansel: Told, asked: str) -> None:
    for query in ({"unfold": asked}, {"open": asked}, {"unfold": [asked, ansel.second], "open": [asked, ansel.shown]}):
        answer = Browser().get(ansel.url, query)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert "<img" not in page
        assert "WORDS-OF-HOPE" not in page
        assert "<script>alert" not in page


def test_what_a_stranger_put_into_an_address_does_not_stay_on_the_page(ansel: Told) -> None:
    page = Browser().get(ansel.url, {"unfold": "PLANTED-BY-SOMEBODY", "open": "PLANTED-TOO"}).content.decode()
    assert "PLANTED" not in page


def test_p3_a_chapter_of_a_new_pregnancy_is_folded_until_it_is_opened(ansel: Told) -> None:
    browser = Browser()
    page = browser.get(ansel.url).content.decode()
    assert "This chapter speaks of a new pregnancy." in page
    assert "WORDS-OF-HOPE" not in page
    assert "expecting" not in page
    assert "WORDS-OF-HOPE" in browser.get(f"{ansel.url}?open={ansel.second}").content.decode()
    assert "WORDS-OF-HOPE" not in browser.get(ansel.url).content.decode()


def test_p3_a_folded_chapter_reaches_the_template_without_its_words(ansel: Told) -> None:
    story = with_words(Story.objects.filter(pk=ansel.story.pk)).get()
    for opened, folded in ((frozenset[str](), True), (frozenset({ansel.second}), False)):
        second = Page(story, open_words(story, Reader.guest()), (), opened).chapters()[1]
        assert second.folded is folded
        assert bool(second.beats) is not folded


@pytest.mark.parametrize("fold", ["new_pregnancy", "living_child"])
def test_p3_a_folded_first_chapter_is_folded_in_lists_too(cast: Cast, fold: str) -> None:
    told(cast, replace(words("WORDS-OF-HOPE we are expecting."), fold=fold))
    browser = Browser()
    for path in ("/", "/read/"):
        assert "WORDS-OF-HOPE" not in browser.get(path).content.decode(), path


def test_v7_a_photos_address_is_good_for_ten_minutes(ansel: Told) -> None:
    browser = Browser()
    with time_machine.travel(NOW, tick=False) as clock:
        src = ansel.src(browser)
        clock.shift(timedelta(minutes=9, seconds=59))
        assert browser.get(src).status_code == 200
        clock.shift(timedelta(seconds=2))
        assert browser.get(src).status_code == 404


@pytest.mark.parametrize("cut", [0, 5, -1])
def test_v7_a_signature_that_was_touched_opens_nothing(ansel: Told, cut: int) -> None:
    browser = Browser()
    address, good = ansel.src(browser).split("?good=")
    touched = {0: "", 5: good[:5], -1: good[:-1] + ("A" if good[-1] != "A" else "B")}[cut]
    assert browser.get(f"{address}?good={touched}").status_code == 404


def test_v7_a_photos_address_serves_only_who_may_read_the_story(cast: Cast, ansel: Told) -> None:
    src = ansel.src(Browser())
    block(cast.tobias, cast.ruth)
    assert Browser(cast.ruth).get(src).status_code == 404
    assert Browser(cast.piotr).get(src).status_code == 200


def test_v7_a_photo_that_a_new_version_leaves_out_is_gone(cast: Cast, ansel: Told) -> None:
    """C4, yes without the photo: its address stops with the agreed version."""
    src = ansel.src(Browser())
    with acting_for(cast.tobias.pk):
        ansel.story.chapters.get(place=0).revise(
            cast.tobias, words("Without the photo."), circumstances=Circumstances(), now=NOW
        )
    says_yes(ansel.story, cast.mara, cast.tobias)
    assert Browser().get(src).status_code == 404


def test_v5_taken_back_it_is_gone_at_the_next_request_everywhere(cast: Cast, ansel: Told) -> None:
    index.add_missing(limit=10)
    guest, member = Browser(), Browser(cast.ruth)
    src = ansel.src(guest)
    near = f"/find/near/{ids.show(ansel.story.pk)}/"
    asked = {"words": "screen"}
    for browser in (guest, member):
        for path in (ansel.url, src, near):
            assert browser.get(path).status_code == 200
        assert ansel.url in browser.get("/read/").content.decode()
        assert ansel.url in browser.post("/find/words/", asked).content.decode()
    with acting_for(cast.tobias.pk):
        ansel.story.withdraw(cast.tobias, NOW)
    for browser in (guest, member):
        for path in (ansel.url, f"{ansel.url}?unfold={ansel.shown}", src, near):
            assert browser.get(path).status_code == 404, path
        found = [browser.get("/"), browser.get("/read/"), browser.post("/find/words/", asked)]
        found.append(browser.post("/find/", {"sentence": "They turned the screen away at 24 weeks"}))
        for answer in found:
            assert answer.status_code == 200
            assert ids.show(ansel.story.pk) not in answer.content.decode()
            assert "turned the screen away from us" not in answer.content.decode()
    for parent in (cast.mara, cast.tobias):
        assert Browser(parent).get(ansel.url).status_code == 200, "its parents keep it (D3)"
        assert ansel.url not in Browser(parent).get("/read/").content.decode()


def test_v5_narrowing_counts_at_the_next_request(cast: Cast, ansel: Told) -> None:
    guest, member = Browser(), Browser(cast.ruth)
    src = ansel.src(guest)
    says_yes(ansel.story, cast.tobias, to=Audience.LIVED)
    assert guest.get(ansel.url).status_code == guest.get(src).status_code == 404
    assert member.get(ansel.url).status_code == member.get(src).status_code == 200


def test_v5_a_block_counts_at_the_next_request(cast: Cast, ansel: Told) -> None:
    member = Browser(cast.ruth)
    src = ansel.src(member)
    block(cast.ruth, cast.mara)
    for path in (ansel.url, src, f"/find/near/{ids.show(ansel.story.pk)}/"):
        assert member.get(path).status_code == 404
    assert ansel.url not in member.get("/read/").content.decode()


def test_v3_absent_and_forbidden_are_the_same_page(cast: Cast, ansel: Told) -> None:
    forbidden = ids.show(draft(cast.mara, cast.box).pk)
    absent = ids.show(ids.new_id())
    for path in ("/read/{}/", "/read/{}/photo/" + ansel.shown + "/", "/find/near/{}/", "/read/?after={}"):
        one, other = (Browser(cast.ruth).get(path.format(which)) for which in (forbidden, absent))
        assert one.status_code == other.status_code
        assert dict(one.headers) == dict(other.headers)
        assert one.content == other.content


def test_words_are_shown_as_they_were_written_and_never_run(cast: Cast) -> None:
    hostile = '<script>alert(1)</script> {{ settings.SECRET_KEY }} {% debug %} "><img src=x onerror=alert(1)> \u202eabc'
    said = replace(words(hostile, title=hostile, told_by=hostile), line=hostile, others=(hostile,), found=hostile)
    said = replace(said, beats=(*said.beats, Beat("k", "heading", hostile), Beat("l", "quote", hostile)))
    story = told(cast, said)
    for path in (f"/read/{ids.show(story.pk)}/", "/read/", "/"):
        page = Browser().get(path).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ settings.SECRET_KEY }} {% debug %}" in page


def test_the_list_turns_its_pages_and_leaves_nobody_out(cast: Cast) -> None:
    first = told(cast)
    others = []
    for number in range(14):
        story = draft(cast.mara, cast.box, words(f"Story {number}."))
        says_yes(story, cast.mara, cast.tobias, at=NOW)
        others.append(story)
    wanted = {f"/read/{ids.show(story.pk)}/" for story in (first, *others)}
    browser, seen, path = Browser(), [], "/read/"
    while path:
        page = browser.get(path).content.decode()
        seen += re.findall(r'href="(/read/[\w-]{22}/)"', page)
        following = re.search(r'href="(/read/\?after=[\w-]{22})"', page)
        path = following[1] if following else ""
    assert set(seen) == wanted
    assert len(dict.fromkeys(seen)) == len(wanted)
