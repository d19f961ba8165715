"""C5: two with one link, or one who comes while another goes: they wait for each other, and a box is never with nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from alongside import ids
from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.invitation import InvitationOver
from alongside.families.models import Family, Invitation, Parent
from alongside.keepsakes import erasing
from alongside.keepsakes.models import Erasure
from alongside.stories import coming_and_going
from alongside.stories.coming_and_going import SharedMeanwhile
from alongside.stories.models import Story
from alongside.vault import vaults
from alongside.visibility.audience import Audience
from tests.cast import NOW, box_of, draft, gather, join, says_yes
from tests.families.guests import is_fresh, made, of


def test_two_people_with_one_link_at_once_one_comes_in(committed_db: None) -> None:
    cast = gather()
    people = [join("Noor"), join("Bert")]
    invitation, _ = made(cast.box.family, cast.mara)
    came: list[str] = []
    both = threading.Barrier(2)

    def come(who: Account) -> None:
        try:
            both.wait(10)
            with transaction.atomic(), acting_for(who.pk):
                coming_and_going.hold_with(invitation, who, {}, NOW)
            came.append("in")
        except InvitationOver:
            came.append("over")
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=[who]) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came) == ["in", "over"]
    assert cast.box.family.parents.current().count() == 3
    assert Invitation.objects.get().accepted_by_id in {who.pk for who in people}


def test_who_leaves_and_who_accepts_at_once_cannot_leave_a_box_with_nobody(committed_db: None) -> None:
    cast = gather()
    noor = join("Noor")
    invitation, _ = made(cast.box.family, cast.mara)
    both = threading.Barrier(2)
    said: dict[str, str] = {}

    def come() -> None:
        try:
            both.wait(10)
            with acting_for(noor.pk):
                coming_and_going.hold_with(invitation, noor, {}, NOW)
            said["noor"] = "in"
        except InvitationOver:
            said["noor"] = "over"
        finally:
            connection.close()

    def go() -> None:
        try:
            both.wait(10)
            coming_and_going.leave(cast.box.family, cast.mara, keep_copy=True, take_mine=False, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for one in (come, go)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    here = {parent.account for parent in cast.box.family.parents.current()}
    assert here == ({cast.tobias, noor} if said["noor"] == "in" else {cast.tobias})


def test_c7_a_story_that_opens_while_somebody_comes_in_has_their_yes_or_does_not_open(committed_db: None) -> None:
    cast = gather()
    for number in range(6):
        newcomer = join(f"Newcomer{number}")
        story = draft(cast.mara, cast.box)
        with transaction.atomic():
            says_yes(story, *(parent.account for parent in _all_but(cast.box.family, cast.tobias)), to=Audience.LIVED)
        invitation, _ = made(cast.box.family, cast.mara)
        both = threading.Barrier(2)
        refused: list[type[Exception]] = []

        def at_once(act: Callable[[], object], both: threading.Barrier, refused: list[type[Exception]]) -> None:
            try:
                both.wait(10)
                act()
            except (SharedMeanwhile, IntegrityError) as error:
                refused.append(type(error))
            finally:
                connection.close()

        acts = (
            lambda story=story: says_yes(story, cast.tobias, to=Audience.LIVED),
            lambda invitation=invitation, newcomer=newcomer: coming_and_going.hold_with(invitation, newcomer, {}, NOW),
        )
        threads = [threading.Thread(target=at_once, args=[act, both, refused]) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        now = Story.objects.get(pk=story.pk)
        came = cast.box.family.parents.current().filter(account=newcomer).exists()
        assert not (came and now.stands_open), "open without a yes"
        assert len(refused) <= 1
        if now.stands_open:
            with acting_for(cast.mara.pk):
                now.withdraw(cast.mara, NOW)


def _all_but(family: Family, other: Account) -> QuerySet[Parent]:
    return family.parents.current().exclude(account=other).select_related("account").order_by("joined_at", "pk")


def test_c1_who_erases_at_once_while_another_parent_comes_in_needs_their_yes(committed_db: None) -> None:
    cast = gather()
    noor, box = join("Noor"), box_of(cast.ruth, name="Ida")
    invitation, _ = made(box.family, cast.ruth)
    accepted, erases = threading.Event(), threading.Event()

    def come() -> None:
        try:
            with transaction.atomic(), acting_for(noor.pk):
                coming_and_going.hold_with(invitation, noor, {}, NOW)
                accepted.set()
                erases.wait(2)  # she waits for us; without it this is long enough to be overtaken
        finally:
            connection.close()

    thread = threading.Thread(target=come)
    thread.start()
    assert accepted.wait(20)
    with acting_for(cast.ruth.pk):
        assert erasing.agree_to_erase_box(box, cast.ruth, NOW, fresh=True) is None
    erases.set()
    thread.join(30)
    assert box.family.parents.current().count() == 2
    assert not Erasure.objects.exists()
    vaults.here().open(box.vault, None)


@pytest.mark.parametrize("who", ["the other", "she herself"])
def test_s28_who_leaves_while_somebody_has_just_left_is_told_what_there_is(committed_db: None, who: str) -> None:
    cast = gather()
    first = cast.tobias if who == "the other" else cast.mara
    left, asked = threading.Event(), threading.Event()

    def go() -> None:
        try:
            with transaction.atomic(), acting_for(first.pk):
                coming_and_going.leave(cast.box.family, first, keep_copy=False, take_mine=False, now=NOW)
                left.set()
                asked.wait(2)  # she waits for us here
        finally:
            connection.close()

    mara = is_fresh(of(cast.mara))
    thread = threading.Thread(target=go)
    thread.start()
    assert left.wait(20)
    answer = mara.post(f"/box/leave/?box={ids.show(cast.box.pk)}", {"copy": "no", "mine": "stays"})
    asked.set()
    thread.join(30)
    if who == "the other":
        assert "You hold this box alone" in answer.content.decode()
        assert cast.box.family.parents.current().get().account == cast.mara
    else:
        assert answer["Location"] == "/box/leave/done/"
