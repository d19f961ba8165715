"""Histories of one family each: everybody acts at once, and whoever has acted has strangers look. For the consent campaign.

Imported when Django is set up.
"""

from __future__ import annotations

import queue
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from django.db import connection
from django.utils import timezone

from alongside.accounts.models import Account
from alongside.moderation.models import Hold
from alongside.stories.models import Story
from alongside.visibility.audience import Audience
from bench.prove import consent_verbs as verbs
from bench.prove.consent_judge import faults, told
from bench.prove.consent_log import Watcher
from bench.prove.consent_verbs import OFTEN, Hand, Verb
from tests.cast import NOW, box_of, draft, join

TOLD = [Audience.OPEN, Audience.OPEN, Audience.MEMBERS, Audience.LIVED, Audience.INVITED]
FAMILIES_AT_ONCE = 2
"""In each process: with three parents each, a connection for everyone and two to look."""
PATIENCE = 60.0  # seconds that one parent may take for all that they do


@dataclass
class Ledger:
    """What came of it, over all histories of a process."""

    histories: int = 0
    bad: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, *names: str) -> None:
        with self.lock:
            self.counts.update(names)


class Table:
    """Where one family after another sits: people, who are parents together anew each time, and who looks."""

    def __init__(self, name: str, ledger: Ledger, let_through: Hold) -> None:
        self.people = [join(f"{name}{number}") for number in range(3)]
        self.ledger = ledger
        self.let_through = let_through
        self.watchers: queue.SimpleQueue[Watcher] = queue.SimpleQueue()
        for _ in self.people:
            self.watchers.put(Watcher())

    def play(self, name: str, seed: str) -> None:
        """One history: a story in some state, and two or three parents who each do a few things with it."""
        chance = random.Random(seed)
        parents = self.people[: chance.choice([2, 2, 3])]
        hands = self._hands(parents, chance.choice(TOLD), seed)
        for hand in hands[: chance.choice([0, 1, 1, len(hands)])]:
            verbs.says_yes(hand, hand.circle)
        acts = [chance.choices([*OFTEN], [*OFTEN.values()], k=chance.choice([1, 2, 2])) for _ in hands]
        self._all_at_once(name, hands, acts)

    def race(self, name: str, seed: str, against: Verb) -> None:
        """The second parent's yes, in the moment in which the first one, who had said yes, takes it back or leaves."""
        mara, tobias = self._hands(self.people[:2], Audience.OPEN, seed)
        verbs.says_yes(mara, Audience.OPEN)
        self._all_at_once(name, [mara, tobias], [[against], [verbs.agrees]])
        story = Story.objects.get(pk=mara.story)
        if against is verbs.takes_back and story.stands_open:
            self.ledger.bad.append(f"{name}: stands open though one of two has taken it back")

    def _hands(self, parents: Sequence[Account], circle: Audience, seed: str) -> list[Hand]:
        box = box_of(*parents)
        story = draft(parents[0], box, verbs.new_words(random.Random(seed)))
        # A newcomer's first story would wait for a host, and nobody would read it.
        Story.objects.filter(pk=story.pk).update(hold=self.let_through)
        return [
            Hand(parent, box.family, story.pk, circle, random.Random(f"{seed} {number}"))
            for number, parent in enumerate(parents)
        ]

    def _all_at_once(self, name: str, hands: Sequence[Hand], acts: Sequence[Sequence[Verb]]) -> None:
        start = threading.Barrier(len(hands))
        threads = [
            threading.Thread(target=self._acts, args=(name, hand, does, start), daemon=True)
            for hand, does in zip(hands, acts, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        if any(thread.is_alive() for thread in threads):
            raise RuntimeError(f"{name}: did not come to an end")

    def _acts(self, name: str, hand: Hand, does: Sequence[Verb], start: threading.Barrier) -> None:
        watcher = self.watchers.get()
        try:
            start.wait(PATIENCE)
            for verb in does:
                self._act(hand, verb)
                seen = watcher.look(hand.story)
                wrong = faults(seen)
                self.ledger.count("looks", *(["seen"] if seen.readable else []), *(["wrong"] if wrong else []))
                self.ledger.bad.extend(f"{name}: after {verb.__name__}: {what} ({told(seen)})" for what in wrong)
        except Exception as error:
            self.ledger.bad.append(f"{name}: {type(error).__name__}: {error}")
        finally:
            self.watchers.put(watcher)
            connection.close()

    def _act(self, hand: Hand, verb: Verb) -> None:
        try:
            verb(hand)
        except verbs.REFUSALS as refusal:
            self.ledger.count(f"refused, {type(refusal).__name__}")
        else:
            self.ledger.count(verb.__name__)

    def close(self) -> None:
        for _ in self.people:
            self.watchers.get().close()


def play(histories: Iterable[int], races: Iterable[int], seed: int, name: str = "") -> Ledger:
    """Play these histories and races, a few families at once; return what came of them."""
    ledger = Ledger()
    host = join(f"host{name}")
    host.host_since = NOW
    host.save()
    let_through = Hold.objects.create(reason=Hold.Reason.FIRST_WORDS, held_at=NOW)
    let_through.release(host, timezone.now())
    tables: queue.SimpleQueue[Table] = queue.SimpleQueue()
    for number in range(FAMILIES_AT_ONCE):
        tables.put(Table(f"p{name}t{number}p", ledger, let_through))

    def sit(what: Callable[[Table], None]) -> None:
        table = tables.get()
        try:
            what(table)
            ledger.histories += 1
        finally:
            tables.put(table)
            connection.close()

    against = (verbs.takes_back, verbs.leaves)
    games = [
        *(lambda table, n=n: table.play(f"history {n}", f"{seed}-{n}") for n in histories),
        *(lambda table, n=n: table.race(f"race {n}", f"{seed}-race-{n}", against[n % 2]) for n in races),
    ]
    with ThreadPoolExecutor(FAMILIES_AT_ONCE) as pool:
        list(pool.map(sit, games))
    for _ in range(FAMILIES_AT_ONCE):
        tables.get().close()
    return ledger
