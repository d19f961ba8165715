"""C5, C7: the page says beforehand what leaving means; stories follow what was chosen; and nobody removes the other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import NotAParent, Parent
from alongside.keepsakes.models import KeepsakeBox, Memory
from alongside.keepsakes.said import Said
from alongside.stories import coming_and_going
from alongside.stories.models import Story
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, box_of, draft, join, says_yes, told, words
from tests.families.guests import is_fresh, of

pytestmark = pytest.mark.django_db
ALONGSIDE = Path(__file__).parents[2] / "alongside"


def as_at_a_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def at(cast: Cast) -> str:
    return f"/box/leave/?box={ids.show(cast.box.pk)}"


def leave(cast: Cast, *, copy: bool = True, take: bool = False) -> KeepsakeBox | None:
    with acting_for(cast.mara.pk):
        own = coming_and_going.leave(cast.box.family, cast.mara, keep_copy=copy, take_mine=take, now=NOW)
        as_at_a_commit()
    return own


def read_by(cast: Cast, who: Account) -> set[Story]:
    with acting_for(who.pk):
        return set(Story.objects.visible_to(cast.reader(who)))


def test_t1_leaving_asks_first_whether_it_is_still_her(cast: Cast) -> None:
    browser = of(cast.mara)
    for answer in (browser.get(at(cast)), browser.post(at(cast), {"copy": "yes", "mine": "goes"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/you/again/?next=%2Fbox%2Fleave%2F%3Fbox%3D")
    assert cast.box.family.parents.current().count() == 2


def test_the_page_says_what_leaving_means_before_anything_happens(cast: Cast) -> None:
    told(cast, words(title="The blind"))
    page = is_fresh(of(cast.mara)).get(at(cast)).content.decode()
    for said in (
        "Leave Ansel’s box",
        "you don’t have to say why",
        "it is held by Tobias",
        "every keepsake with its earlier versions",
        "Your yes is not asked here any more",
        "The blind",
        "Tobias can take them back and you cannot",
        "erased after three days",
    ):
        assert said in page, said
    assert cast.box.family.parents.current().count() == 2


def test_c5_she_leaves_with_a_copy_and_sees_it_and_a_second_press_does_nothing(cast: Cast) -> None:
    with acting_for(cast.tobias.pk):
        Memory.put(cast.tobias, cast.box, "text", said=Said(text="The shed"), now=NOW)
    browser = is_fresh(of(cast.mara))
    answer = browser.post(at(cast), {"copy": "yes", "mine": "stays"})
    with acting_for(cast.mara.pk):
        own = KeepsakeBox.objects.get()
    assert answer["Location"] == f"/box/?box={ids.show(own.pk)}"
    page = browser.get(answer["Location"]).content.decode()
    assert "The shed" in page
    assert "Held by you." in page
    assert browser.post(at(cast), {"copy": "yes", "mine": "goes"}).status_code == 404
    with acting_for(cast.mara.pk):
        assert KeepsakeBox.objects.count() == 1
    assert "The shed" in of(cast.tobias).get(f"/box/?box={ids.show(cast.box.pk)}").content.decode()


def test_l1_before_leaving_it_is_said_that_nobody_brings_back_what_goes_not_even_she(cast: Cast) -> None:
    with acting_for(cast.mara.pk):
        memory = Memory.put(cast.mara, cast.box, "text", now=NOW, said=Said(text="Dear Ansel,"))
    mara = is_fresh(of(cast.mara))
    page = mara.get(at(cast)).content.decode()
    assert "It goes from this box, for good" in page
    assert "Nobody can bring it back from the moment you leave, you included." in page
    mara.post(at(cast), {"copy": "no", "mine": "goes"})
    for person in (mara, of(cast.tobias)):
        assert person.post(reverse("keepsakes:bring_back", args=[memory.pk])).status_code == 404
        assert "let go of" not in person.get("/box/").content.decode()


def test_c5_she_leaves_without_a_copy(cast: Cast) -> None:
    browser = is_fresh(of(cast.mara))
    answer = browser.post(at(cast), {"copy": "no", "mine": "stays"})
    assert "You’ve left the box" in browser.get(answer["Location"]).content.decode()
    with acting_for(cast.mara.pk):
        assert not KeepsakeBox.objects.exists()


@pytest.mark.parametrize("form", [{}, {"copy": "yes"}, {"copy": "perhaps", "mine": "goes"}])
def test_what_is_not_chosen_is_asked_again(cast: Cast, form: dict[str, str]) -> None:
    answer = is_fresh(of(cast.mara)).post(at(cast), form)
    assert answer.status_code == 422
    assert cast.box.family.parents.current().count() == 2


def test_c5_who_holds_it_alone_is_told_kindly(cast: Cast) -> None:
    box = box_of(cast.ruth, name="Sol")
    for ask in ("get", "post"):
        page = getattr(is_fresh(of(cast.ruth)), ask)(f"/box/leave/?box={ids.show(box.pk)}").content.decode()
        assert "You hold this box alone" in page
        assert "the other" not in page
    assert box.family.parents.current().count() == 1


def test_c7_what_she_told_stays_up_if_she_likes_and_the_others_alone_decide(cast: Cast) -> None:
    story = told(cast)
    leave(cast)
    assert story in read_by(cast, cast.ruth)
    with acting_for(cast.mara.pk), pytest.raises(NotAParent):
        story.withdraw(cast.mara, NOW)
    with acting_for(cast.tobias.pk):
        story.withdraw(cast.tobias, NOW)
    assert story not in read_by(cast, cast.ruth)


def test_c7_what_she_told_goes_with_her_if_she_likes(cast: Cast) -> None:
    story, asked = told(cast), draft(cast.mara, cast.box, words(title="Asked"))
    says_yes(asked, cast.mara, to=Audience.LIVED)
    own = leave(cast, take=True)
    assert own is not None
    assert story not in read_by(cast, cast.ruth)
    assert not read_by(cast, cast.tobias)
    assert read_by(cast, cast.mara) == {story, asked}
    story.refresh_from_db()
    assert (story.box_id, story.stands_open) == (own.pk, False)
    with pytest.raises(NotAParent):
        says_yes(Story.objects.get(pk=asked.pk), cast.tobias, to=Audience.LIVED)


def test_d1_a_story_in_which_the_other_wrote_is_taken_back_and_stays_where_both_keep_it(cast: Cast) -> None:
    story = told(cast)
    with acting_for(cast.tobias.pk):
        story.chapters.get().revise(cast.tobias, words("His own."), circumstances=Circumstances(), now=NOW)
    leave(cast, take=True)
    assert story not in read_by(cast, cast.ruth)
    assert read_by(cast, cast.tobias) == {story}


@pytest.mark.parametrize("copy", [True, False])
@pytest.mark.parametrize("take", [True, False])
def test_d1_a_story_that_she_showed_nobody_is_hers_wherever_she_goes(cast: Cast, copy: bool, take: bool) -> None:
    story = draft(cast.mara, cast.box)
    own = leave(cast, copy=copy, take=take)
    assert own is not None
    assert read_by(cast, cast.mara) == {story}
    with acting_for(cast.mara.pk):
        assert Story.objects.get(pk=story.pk).chapters.get().newest().words.title == "Ansel"
        assert own.name == "Ansel"
    assert not read_by(cast, cast.tobias)


def test_c7_nothing_opens_by_itself_because_she_left(cast: Cast) -> None:
    story = draft(cast.tobias, cast.box)
    says_yes(story, cast.tobias)
    leave(cast)
    assert story not in read_by(cast, cast.ruth)


# -- Nobody removes the other.


def test_c5_no_route_under_a_box_puts_a_parent_out(cast: Cast) -> None:
    ilse = join("Ilse")
    place = cast.box.family.accept_relative(ilse, NOW)
    cast.box.family.invite(cast.tobias, "parent", name="", now=NOW)
    mara = cast.box.family.parent(cast.mara)
    named = [ids.show(row) for row in (mara.pk, cast.mara.pk, cast.box.pk, cast.box.family_id, place.pk)]
    patterns = [one for one in _patterns(get_resolver()) if one.startswith(("box/", "invited/"))]
    paths = {f"/{one.replace('<id>', value)}" for one in patterns for value in named}
    assert len(paths) > 60
    for browser in (is_fresh(of(cast.tobias)), is_fresh(of(ilse))):
        for path in sorted(paths, key=lambda one: ("leave" in one, one)):
            browser.post(path, {"copy": "no", "mine": "goes", "box": named[2]})
            browser.delete(path)
    assert Parent.objects.current().filter(pk=mara.pk).exists()


def _patterns(resolver: URLResolver, before: str = "") -> list[str]:
    found = []
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            found += _patterns(entry, route)
        else:
            assert isinstance(entry, URLPattern)
            found.append(_with_ids(route))
    return found


def _with_ids(route: str) -> str:
    parts = route.split("/")
    return "/".join("<id>" if part.startswith("<id:") else part for part in parts)


def test_c5_one_verb_alone_ends_a_parents_place_and_it_is_their_own() -> None:
    """Parent.leave is asked by leaving, leaving by coming_and_going, and that by the page, each for who asks."""
    callers = {
        f"{path.relative_to(ALONGSIDE)}"
        for path in ALONGSIDE.glob("**/*.py")
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "leave"
    }
    assert callers == {"keepsakes/leaving.py", "stories/coming_and_going.py", "families/views.py"}
