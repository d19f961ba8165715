"""V1, C5, C7, C8, D1, S5: whatever people do to one another's boxes in whatever order, each sees just what they were given,

nothing that is kept where somebody holds it disappears, a box always has a parent, and row-level security agrees.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families import arriving
from alongside.families.arriving import AlreadyHere
from alongside.families.invitation import InvitationOver
from alongside.families.models import HoldsItAlone, Invitation
from alongside.keepsakes import erasing, leaving
from alongside.keepsakes.models import Baby, KeepsakeBox, Memory, Shown
from alongside.keepsakes.said import Said
from alongside.stories import coming_and_going
from alongside.visibility.reader import Reader
from tests.cast import NOW, box_of, join
from tests.families.together import Box, Thing

NAMES = ("Oluchi", "Bisi", "Noor", "Ilse")
who = st.integers(0, len(NAMES) - 1)
some = st.integers(0, 20)
Seen = tuple[str, str, tuple[tuple[str, str], ...]]


class Together(RuleBasedStateMachine):
    """The product on one side, the plain model on the other."""

    people: list[Account]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.boxes: list[tuple[KeepsakeBox, Box]] = []
        self.rows: dict[int, Memory] = {}
        self.invitations: list[tuple[Invitation, Box, int, str]] = []
        self.agreed: dict[object, set[int]] = {}
        self.now = NOW
        self.said = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def later(self, by: timedelta = timedelta(minutes=1)) -> datetime:
        self.now += by
        return self.now

    def box(self, number: int) -> tuple[KeepsakeBox, Box]:
        return self.boxes[number % len(self.boxes)]

    @staticmethod
    def one(of: set[int], number: int) -> int:
        return sorted(of)[number % len(of)]

    def thing(self, box: Box, number: int) -> Thing | None:
        kept = [thing for thing in box.things if not thing.closed]
        return kept[number % len(kept)] if kept else None

    @initialize(parents=st.integers(1, 3))
    def begin(self, parents: int) -> None:
        self.boxes.append((box_of(*self.people[:parents]), Box(set(range(parents)))))

    @rule(number=some, by=who, kind=st.sampled_from(["text", "object", "tribute"]))
    def puts(self, number: int, by: int, kind: str) -> None:
        row, box = self.box(number)
        by = self.one(box.parents | box.relatives, by)
        kind = kind if by in box.parents else "tribute"
        self.said += 1
        words = f"words {self.said}"
        with acting_for(self.people[by].pk):
            made = Memory.put(self.people[by], row, kind, said=Said(text=words), now=self.later())
        box.things.append(Thing(by, kind, [(by, words)]))
        self.rows[id(box.things[-1])] = made

    @rule(number=some, which=some, by=who, beside=st.booleans())
    def writes(self, number: int, which: int, by: int, beside: bool) -> None:
        _, box = self.box(number)
        thing = self.thing(box, which)
        if thing is None:
            return
        if not box.may_write(by, thing):
            with acting_for(self.people[by].pk):
                seen = Memory.objects.filter(pk=self.rows[id(thing)].pk).first()
                assert seen is None or not seen.may_be_written_by(self.people[by].pk)
            return
        self.said += 1
        words = f"words {self.said}"
        with acting_for(self.people[by].pk):
            text = Memory.objects.get(pk=self.rows[id(thing)].pk)
            base = 0 if beside else text.heads()[-1].number
            text.keep(self.people[by], Said(text=words), base=base, tab="", now=self.later())
        thing.written.append((by, words))

    @rule(number=some, which=some, by=who, to=st.sets(who, max_size=2))
    def shows(self, number: int, which: int, by: int, to: set[int]) -> None:
        row, box = self.box(number)
        thing, by = self.thing(box, which), self.one(box.parents, by)
        if thing is None:
            return
        with acting_for(self.people[by].pk):
            chosen = row.family.relatives.current().filter(account__in=[self.people[one].pk for one in to])
            Memory.objects.get(pk=self.rows[id(thing)].pk).show_to(self.people[by], [one.pk for one in chosen])
        thing.shown = to & box.relatives

    @rule(number=some, by=who, comes=who, role=st.sampled_from(["parent", "relative", "relative"]))
    def invites_who_comes_at_once(self, number: int, by: int, comes: int, role: str) -> None:
        self.invites(number, by, role)
        for one in self.people:
            self.agrees(len(self.invitations) - 1, self.people.index(one))
        self.accepts(len(self.invitations) - 1, comes)

    @rule(number=some, by=who, role=st.sampled_from(["parent", "relative"]))
    def invites(self, number: int, by: int, role: str) -> None:
        row, box = self.box(number)
        by = self.one(box.parents, by)
        made, _ = row.family.invite(self.people[by], role, name="", now=self.later())
        self.invitations.append((made, box, by, role))
        self.agreed[made.pk] = {by}

    @rule(which=some, by=who)
    def agrees(self, which: int, by: int) -> None:
        if not self.invitations:
            return
        invitation, box, maker, _ = self.invitations[which % len(self.invitations)]
        if by in box.parents and maker in box.parents:
            invitation.say_yes(self.people[by], self.later())
            self.agreed[invitation.pk].add(by)

    @rule(which=some, comes=who)
    def accepts(self, which: int, comes: int) -> None:
        if not self.invitations:
            return
        invitation, box, maker, role = entry = self.invitations[which % len(self.invitations)]
        account, agreed = self.people[comes], box.parents <= self.agreed[invitation.pk]
        try:
            with acting_for(account.pk):
                if role == "parent":
                    coming_and_going.hold_with(invitation, account, {}, self.later())
                else:
                    arriving.look_with(invitation, account, self.later())
                self.as_at_a_commit()
        except InvitationOver:
            assert maker not in box.parents or (role == "parent" and not agreed)
            return
        except AlreadyHere:
            assert comes in box.parents | (box.relatives if role == "relative" else set())
            return
        assert maker in box.parents, "whoever invited is no parent any more"
        assert agreed or role == "relative", "no parent comes in without everyone's yes"
        self.invitations.remove(entry)
        if role == "parent":
            box.end_place(comes)
            box.parents.add(comes)
        else:
            box.relatives.add(comes)

    @rule(number=some, by=who, copy=st.booleans(), take=st.booleans())
    def leaves(self, number: int, by: int, copy: bool, take: bool) -> None:
        row, box = self.box(number)
        by = self.one(box.parents, by)
        account = self.people[by]
        try:
            with acting_for(account.pk):
                own = coming_and_going.leave(row.family, account, keep_copy=copy, take_mine=take, now=self.later())
                self.as_at_a_commit()
        except HoldsItAlone:
            assert box.parents == {by}
            return
        copied = box.leave(by, take=take)
        self.invitations = [one for one in self.invitations if one[1] is not box or one[2] != by]
        for invitation, where, _, _ in self.invitations:
            if where is box:
                self.agreed[invitation.pk].discard(by)
        assert (own is not None) == copy
        if own is not None:
            self.boxes.append((own, copied))
            with acting_for(account.pk):
                made = {self.opened(one)[2]: one for one in Memory.objects.filter(box=own)}
            self.rows |= {id(thing): made[self.as_seen(thing)[2]] for thing in copied.things}

    @rule(number=some, by=who, out=who)
    def lets_look_no_more(self, number: int, by: int, out: int) -> None:
        row, box = self.box(number)
        place = row.family.relatives.current().filter(account=self.people[out]).first()
        assert (place is not None) == (out in box.relatives)
        if place is not None and (by in box.parents or by == out):
            place.part(self.people[by], self.later())
            box.end_place(out)

    @rule(number=some, which=some, by=who)
    def lets_go(self, number: int, which: int, by: int) -> None:
        _, box = self.box(number)
        thing = self.thing(box, which)
        if thing is not None and box.may_let_go(by, thing):
            with acting_for(self.people[by].pk):
                row = Memory.objects.get(pk=self.rows[id(thing)].pk)
                erasing.let_go_of_memory(row, self.people[by], self.later())
            thing.closed = True

    @rule()
    def three_days_pass(self) -> None:
        self.later(timedelta(hours=73))
        leaving.hand_over_due(self.now)
        erasing.finish_due(self.now, erasing.REMOVE)
        gone = [self.rows[id(thing)].pk for _, box in self.boxes for thing in box.things if thing.closed]
        for person in self.people:
            with acting_for(person.pk):
                assert not Memory.objects.filter(pk__in=gone).exists(), "what was let go of is gone, its rows too"

    @staticmethod
    def as_at_a_commit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")

    @invariant()
    def a_box_has_a_parent(self) -> None:
        for row, box in self.boxes:
            current = {parent.account_id for parent in row.family.parents.current()}
            assert current == {self.people[one].pk for one in box.parents}
            assert current

    @invariant()
    def each_sees_what_they_were_given_and_the_second_lock_agrees(self) -> None:
        for number, account in [*enumerate(self.people), (None, None)]:
            reader = Reader.of(account) if account else Reader.guest()
            with acting_for(account.pk if account else None):
                boxes = {row.pk for row in KeepsakeBox.objects.all()}
                assert boxes == {row.pk for row in KeepsakeBox.objects.visible_to(reader)} == self.boxes_of(number)
                raw = Memory.objects.filter(erase_at=None)
                seen = list(Memory.objects.visible_to(reader).filter(pk__in=raw).prefetch_related("versions"))
                assert {memory.pk for memory in seen} == {memory.pk for memory in raw}
                for row, box in self.boxes:
                    mine = sorted(
                        (one for one in seen if one.box_id == row.pk), key=lambda one: (one.place, one.made_at)
                    )
                    assert [self.opened(one) for one in mine] == [self.as_seen(thing) for thing in box.sees(number)]
                held = [row.pk for row, box in self.boxes if number in box.parents]
                assert not Baby.objects.exclude(box__in=held).exists()
                others = Shown.objects.exclude(box__in=held).exclude(relative__account=account)
                assert not others.exists()

    def boxes_of(self, number: int | None) -> set[object]:
        return {row.pk for row, box in self.boxes if box.exists_for(number)}

    def as_seen(self, thing: Thing) -> Seen:
        written = tuple((str(self.people[by].pk), words) for by, words in thing.written)
        return thing.kind, str(self.people[thing.by].pk), written

    @staticmethod
    def opened(memory: Memory) -> Seen:
        versions = sorted(memory.versions.all(), key=lambda version: version.number)
        written = tuple((str(version.by_id), version.said.text) for version in versions)
        return memory.kind, str(memory.contributed_by_id), written


@pytest.mark.django_db
def test_v1_c5_c8_each_has_what_they_were_given_and_keeps_what_they_hold() -> None:
    Together.people = [join(name) for name in NAMES]
    run_state_machine_as_test(
        Together,
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
