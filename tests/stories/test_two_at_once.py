"""S6: two parents act in the same moment, on real connections, and nobody reads what not both agreed to."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import DatabaseError, connection, transaction

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import Parent
from alongside.stories.models import LinkYes, Story
from alongside.visibility.audience import Audience
from tests.cast import NOW, Cast, box_of, draft, gather, join, says_yes, words
from tests.stories.invited import named

RACES = 40
PATIENCE = 20
"""Seconds that one race may take."""

Verb = Callable[[], object]


def race(*verbs: Verb) -> Sequence[BaseException | None]:
    """Run verbs at the same moment, each on a connection of its own; return what each of them raised."""
    start = threading.Barrier(len(verbs))
    raised: list[BaseException | None] = [None] * len(verbs)

    def run(place: int, verb: Verb) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {PATIENCE * 1000 // 2}")
            start.wait(PATIENCE)
            verb()
        except (DatabaseError, threading.BrokenBarrierError) as error:
            raised[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one, daemon=True) for one in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads), "a race did not end"
    return raised


def publishes(story: Story, by: Account, to: Audience = Audience.OPEN) -> Verb:
    def verb() -> None:
        with acting_for(by.pk):
            Story.objects.get(pk=story.pk).publish(by, to, NOW)

    return verb


def takes_back(story: Story, by: Account) -> Verb:
    def verb() -> None:
        with acting_for(by.pk):
            Story.objects.get(pk=story.pk).withdraw(by, NOW)

    return verb


def stands(story: Story) -> Story:
    return Story.objects.get(pk=story.pk)


@pytest.fixture
def family(committed_db: None) -> Cast:
    return gather()


def test_s6_the_second_yes_and_a_taking_back_at_once_open_nothing(family: Cast) -> None:
    """SECURITY finding 1: 154 of 200 wrong without a lock. In either order, Mara's yes is used up."""
    story = draft(family.mara, family.box)
    wrong = 0
    for _ in range(RACES):
        says_yes(story, family.mara)
        raised = race(publishes(story, family.tobias), takes_back(story, family.mara))
        assert raised == [None, None]
        wrong += stands(story).stands_open
        takes_back(story, family.mara)()
    assert wrong == 0


def test_s6_two_yeses_at_once_open_it(family: Cast) -> None:
    story = draft(family.mara, family.box)
    says_yes(story, family.mara, to=Audience.FAMILY)
    for _ in range(RACES // 4):
        takes_back(story, family.mara)()
        assert race(publishes(story, family.mara), publishes(story, family.tobias)) == [None, None]
        assert stands(story).stands_open


def test_s6_a_yes_to_a_name_and_a_taking_back_at_once_leave_no_yes(family: Cast) -> None:
    """C2: in either order, what was taken back uses up the yes that was there; a yes said later is a yes to nothing open."""
    story = draft(family.mara, family.box)
    says_yes(story, family.mara, family.tobias, to=Audience.INVITED)
    link, _ = named(story, family.mara)
    with transaction.atomic(), acting_for(family.tobias.pk):
        link.say_yes(family.tobias, NOW)
        taking = threading.Thread(target=lambda: race(takes_back(story, family.mara)))
        taking.start()
        taking.join(1)
        assert taking.is_alive(), "it waits for the yes, and comes after it"
    taking.join(PATIENCE)
    assert not LinkYes.objects.exists()


def test_s6_narrowing_and_widening_at_once_never_go_back_up(family: Cast) -> None:
    story = draft(family.mara, family.box)
    for _ in range(RACES // 4):
        says_yes(story, family.mara, family.tobias, to=Audience.LIVED)
        says_yes(story, family.mara, to=Audience.MEMBERS)
        race(publishes(story, family.tobias, Audience.MEMBERS), publishes(story, family.mara, Audience.FAMILY))
        assert stands(story).audience == Audience.FAMILY, "in either order Mara has narrowed it"


def test_s6_a_parent_who_comes_in_while_it_opens_is_not_passed_over(family: Cast) -> None:
    """C7: either she is refused, or the story is; never both let through, however their last checks overlap."""
    alone, newcomer = join("Alone"), join("Newcomer")
    box = box_of(alone, name="Sol")
    story = draft(alone, box)
    checked = threading.Barrier(2)

    def comes_in() -> None:
        with transaction.atomic():
            box.family.accept(newcomer, NOW)
            _check_and_wait(checked)

    def opens() -> None:
        with acting_for(alone.pk):
            Story.objects.get(pk=story.pk).publish(alone, Audience.OPEN, NOW)
            _check_and_wait(checked)

    race(opens, comes_in)
    assert not (stands(story).stands_open and Parent.objects.current().filter(family=box.family).count() == 2)


def _check_and_wait(checked: threading.Barrier) -> None:
    """Do what COMMIT does first, and give the other the time to do so too, unless one waits for the other."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with contextlib.suppress(threading.BrokenBarrierError):
        checked.wait(2)


def test_d1_two_who_write_at_once_lose_nothing(family: Cast) -> None:
    story = draft(family.mara, family.box)
    says_yes(story, family.mara)
    for number in range(RACES // 4):
        raised = race(revises(story, family.mara, f"M{number}"), revises(story, family.tobias, f"T{number}"))
        assert raised == [None, None]
    with acting_for(family.mara.pk):
        assert story.chapters.get().revisions.count() == 1 + 2 * (RACES // 4)


def revises(story: Story, by: Account, said: str) -> Verb:
    def verb() -> None:
        with acting_for(by.pk):
            Story.objects.get(pk=story.pk).chapters.get().revise(
                by, words(said), circumstances=Circumstances(), now=NOW
            )

    return verb
