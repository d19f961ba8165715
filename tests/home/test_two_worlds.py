"""S2, V3: a reader's pages are the same bytes whether or not there is something that this reader may not see.

``bin/prove two-worlds`` asks for many more pairs.
"""

from __future__ import annotations

import re

import pytest
import time_machine

from alongside.matching import index
from alongside.stories.models import Story
from alongside.visibility.audience import Audience
from bench.prove.two_worlds_ask import told_apart, undone
from tests.cast import A_DAY, NOW, Cast, box_of, draft, join, says_yes, words
from tests.home.browser import Browser

PAIRS = 36


@pytest.mark.django_db
def test_s2_what_a_reader_may_not_see_changes_no_byte_of_what_is_answered(db: None) -> None:
    with time_machine.travel(NOW, tick=False):
        bad = list(told_apart(range(PAIRS), seed=1))
    assert not bad, "\n".join(bad[:40])


@pytest.mark.django_db
def test_s2_what_a_reader_may_not_see_changes_no_order(cast: Cast) -> None:
    """How rare a word is among stories for others must not show in what a guest is given first."""
    with time_machine.travel(NOW, tick=False):
        for number, text in enumerate(("Our baby died. There was a blanket.", "Our baby died. There was the garden.")):
            by = join(f"Open{number}")
            story = draft(by, box_of(by), words(text))
            says_yes(story, by, at=NOW - (number + 2) * A_DAY)
            Story.objects.filter(pk=story.pk).update(hold=None)
        index.add_missing(limit=100)
        asked = {"sentence": "our baby died. a blanket, and the garden."}
        orders = []
        for hidden in ("a blanket", "the garden"):
            with undone():
                for number in range(14):
                    by = join(f"Lived{number}")
                    story = draft(by, box_of(by), words(f"A baby died. {hidden}."))
                    says_yes(story, by, to=Audience.LIVED)
                    Story.objects.filter(pk=story.pk).update(hold=None)
                index.add_missing(limit=100)
                page = Browser().post("/find/", asked).content.decode()
                orders.append(re.findall(r'href="/read/([\w-]{22})/"', page))
    assert len(orders[0]) >= 2
    assert orders[0] == orders[1]
