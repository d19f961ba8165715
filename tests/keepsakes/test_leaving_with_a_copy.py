"""C5, C7, C8, L3: who leaves takes a copy of everything, or nothing; what others keep stays whole and stays theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from alongside.accounts.models import Account
from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family, HoldsItAlone, NotAParent, Relative
from alongside.keepsakes import erasing, leaving
from alongside.keepsakes.models import Erasure, KeepsakeBox, Memory, MemoryVersion
from alongside.keepsakes.said import Said
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.cast import A_DAY, NOW, Cast, box_of, join

pytestmark = pytest.mark.django_db

AFTER_THREE_DAYS = NOW + timedelta(hours=72, minutes=1)


def put(by: Account, box: KeepsakeBox, text: str, kind: str = "text") -> Memory:
    with acting_for(by.pk):
        return Memory.put(by, box, kind, said=Said(text=text, title=f"{text}, its caption"), now=NOW - 9 * A_DAY)


def write(by: Account, memory: Memory, text: str, *, base: int) -> None:
    with acting_for(by.pk):
        Memory.objects.get(pk=memory.pk).keep(by, Said(text=text), base=base, tab="", now=NOW - 8 * A_DAY)


def leave(cast: Cast, who: Account, *, copy: bool = True, take: bool = False) -> KeepsakeBox | None:
    with acting_for(who.pk):
        return leaving.leave(cast.box.family, who, keep_copy=copy, take_mine=take, now=NOW)


def copied(cast: Cast, who: Account, *, take: bool = False) -> KeepsakeBox:
    box = leave(cast, who, take=take)
    assert box is not None
    return box


def all_of(box: KeepsakeBox, who: Account) -> list[tuple[str, ...]]:
    """Everything that is in a box for somebody, with who put it in, every version, its author, and which are heads."""
    with acting_for(who.pk):
        return [
            (memory.kind, str(memory.contributed_by_id), *map(_version, memory.versions.order_by("number")))
            for memory in Memory.objects.filter(box=box, erase_at=None).in_order()
        ]


def _version(version: MemoryVersion) -> str:
    return f"{version.number} {version.by_id} {version.at} {version.followed_at} {version.said}"


def erase_what_is_due() -> int:
    """As the job does."""
    leaving.hand_over_due(AFTER_THREE_DAYS)
    return erasing.finish_due(AFTER_THREE_DAYS, erasing.REMOVE)


def ilse_of(cast: Cast) -> tuple[Account, Relative]:
    ilse = join("Ilse")
    return ilse, cast.box.family.accept_relative(ilse, NOW - 20 * A_DAY)


def test_c8_the_copy_holds_every_keepsake_with_its_history_its_authors_and_who_put_it_in(cast: Cast) -> None:
    ilse, _ = ilse_of(cast)
    blind = put(cast.mara, cast.box, "The blind")
    write(cast.mara, blind, "The blind, opened", base=1)
    write(cast.tobias, blind, "It had rained", base=2)
    hat = put(cast.tobias, cast.box, "The hat", "object")
    write(cast.mara, hat, "Ilse’s hat", base=1)
    write(cast.tobias, hat, "My mother’s hat", base=1)
    put(ilse, cast.box, "For a July baby", "tribute")
    with acting_for(cast.mara.pk):
        Memory.objects.get(pk=hat.pk).move(cast.mara, -1)
    before = all_of(cast.box, cast.tobias)
    copy = copied(cast, cast.mara)
    assert all_of(copy, cast.mara) == before, "the copy is the whole box"
    assert all_of(cast.box, cast.tobias) == before, "and the box is as it was"
    with acting_for(cast.mara.pk):
        assert len(Memory.objects.get(box=copy, kind="object").heads()) == 2, "two versions side by side stay so"


def test_c8_the_copy_is_called_as_the_box_is_and_knows_its_babies(cast: Cast) -> None:
    with acting_for(cast.mara.pk):
        cast.box.add_baby(cast.mara, name="Ansel")
        cast.box.add_baby(cast.mara, name="Ida", lives=True)
        cast.box.circumstances = Circumstances(weeks=24)
        cast.box.save()
    copy = copied(cast, cast.mara)
    with acting_for(cast.mara.pk):
        copy = KeepsakeBox.objects.get(pk=copy.pk)
        assert (copy.name, copy.cloth, copy.circumstances.weeks) == ("Ansel", cast.box.cloth, 24)
        assert [(baby.told.name, baby.told.lives) for baby in copy.babies.all()] == [("Ansel", False), ("Ida", True)]


def test_c8_the_two_boxes_have_nothing_in_common_not_one_key(cast: Cast) -> None:
    mine = put(cast.mara, cast.box, "The blind")
    copy = copied(cast, cast.mara)
    with acting_for(cast.mara.pk):
        kept = Memory.objects.select_related("box").get(box=copy)
        assert (copy.vault, kept.item, kept.pk) != (cast.box.vault, mine.item, mine.pk)
    vaults.erase_vault(cast.box.vault)
    with acting_for(cast.mara.pk):
        assert Memory.objects.get(box=copy).now_says().text == "The blind"


def test_c7_who_left_sees_the_old_box_no_more_and_the_others_never_see_the_copy(cast: Cast) -> None:
    put(cast.tobias, cast.box, "The shed")
    copy = copied(cast, cast.mara)
    for who, theirs in ((cast.mara, copy), (cast.tobias, cast.box)):
        with acting_for(who.pk):
            assert KeepsakeBox.objects.get() == theirs
            assert Memory.objects.get().box_id == theirs.pk
            assert KeepsakeBox.objects.visible_to(cast.reader(who)).get() == theirs


def test_c5_relatives_stay_with_the_box_and_do_not_see_the_copy(cast: Cast) -> None:
    ilse, place = ilse_of(cast)
    hat = put(cast.mara, cast.box, "The hat", "object")
    with acting_for(cast.mara.pk):
        hat.show_to(cast.mara, [place.pk])
    copy = copied(cast, cast.mara)
    with acting_for(ilse.pk):
        assert Memory.objects.visible_to(cast.reader(ilse)).get() == hat
    assert not copy.family.relatives.exists()


def test_what_is_being_let_go_of_is_not_copied(cast: Cast) -> None:
    put(cast.mara, cast.box, "The blind")
    with acting_for(cast.mara.pk):
        erasing.let_go_of_memory(put(cast.mara, cast.box, "Never mind"), cast.mara, NOW)
    assert [one[2] for one in all_of(copied(cast, cast.mara), cast.mara)] == [all_of(cast.box, cast.tobias)[0][2]]


def test_c5_what_she_put_in_stays_if_she_likes(cast: Cast) -> None:
    put(cast.mara, cast.box, "The blind")
    assert leave(cast, cast.mara, copy=False) is None
    assert len(all_of(cast.box, cast.tobias)) == 1
    with acting_for(cast.mara.pk):
        assert not KeepsakeBox.objects.exists()


def test_c5_what_she_put_in_goes_if_she_likes_and_what_others_put_in_stays(cast: Cast) -> None:
    mine, his = put(cast.mara, cast.box, "The blind"), put(cast.tobias, cast.box, "The shed")
    both = put(cast.mara, cast.box, "The garage")
    write(cast.tobias, both, "The garage on the same road", base=1)
    copy = copied(cast, cast.mara, take=True)
    assert len(all_of(copy, cast.mara)) == 3, "she has it all"
    with acting_for(cast.tobias.pk):
        seen = set(Memory.objects.visible_to(cast.reader(cast.tobias)))
    assert seen == {his, both}, "where he wrote too, his words are in it"
    erase_what_is_due()
    with acting_for(cast.tobias.pk):
        assert set(Memory.objects.all()) == {his, both}, "the job can finish what she asked, though she is gone"
        assert Memory.objects.get(pk=both.pk).now_says().text == "The garage on the same road"
    with pytest.raises(KeyErased):
        vaults.here().open(cast.box.vault, mine.item)
    assert len(all_of(copy, cast.mara)) == 3


def test_l1_what_she_asked_to_erase_before_she_left_is_erased_as_well(cast: Cast) -> None:
    gone = put(cast.mara, cast.box, "Never mind")
    with acting_for(cast.mara.pk):
        erasing.let_go_of_memory(gone, cast.mara, NOW - A_DAY)
    leave(cast, cast.mara)
    assert erase_what_is_due() == 1
    with acting_for(cast.tobias.pk):
        assert not Memory.objects.filter(pk=gone.pk).exists(), "its rows too"
    assert Erasure.objects.get(subject=gone.pk).texts == 1


def test_c5_nobody_else_brings_back_what_she_took_with_her(cast: Cast) -> None:
    put(cast.mara, cast.box, "The blind")
    leave(cast, cast.mara, take=True)
    asked = Erasure.objects.get()
    leaving.hand_over_due(NOW + timedelta(hours=71))
    with acting_for(cast.tobias.pk), pytest.raises(erasing.Gone):
        erasing.bring_memory_back(asked, cast.tobias, NOW + A_DAY)
    assert not Erasure.objects.of(cast.tobias.pk).exists()


def test_l1_a_box_that_was_being_erased_when_she_left_is_erased(cast: Cast) -> None:
    put(cast.mara, cast.box, "The blind")
    sol = box_of(cast.ruth, cast.piotr, name="Sol")
    for who in (cast.ruth, cast.piotr):
        with acting_for(who.pk):
            erasing.agree_to_erase_box(sol, who, NOW)
    with acting_for(cast.piotr.pk):
        assert leaving.leave(sol.family, cast.piotr, keep_copy=True, take_mine=False, now=NOW) is None
    assert erase_what_is_due() == 1
    with acting_for(cast.ruth.pk):
        assert KeepsakeBox.objects.get(pk=sol.pk).name_sealed is None
    with pytest.raises(KeyErased):
        vaults.here().open(sol.vault, None)
    assert len(all_of(cast.box, cast.mara)) == 1


def test_c5_the_last_one_cannot_leave(cast: Cast) -> None:
    put(cast.mara, cast.box, "The blind")
    leave(cast, cast.tobias)
    with pytest.raises(HoldsItAlone):
        leave(cast, cast.mara, take=True)
    assert len(all_of(cast.box, cast.mara)) == 1, "and nothing of it has happened"
    assert not Erasure.objects.exists()
    assert Family.objects.count() == 2


def test_leaving_twice_makes_no_second_copy(cast: Cast) -> None:
    copied(cast, cast.mara)
    with pytest.raises(NotAParent):
        leave(cast, cast.mara)
    with acting_for(cast.mara.pk):
        assert KeepsakeBox.objects.count() == 1


def test_nobody_else_leaves_with_a_copy(cast: Cast) -> None:
    ilse, _ = ilse_of(cast)
    for who in (cast.ruth, cast.dami, ilse):
        with pytest.raises(NotAParent):
            leave(cast, who)


def test_invitations_of_one_who_leaves_are_over(cast: Cast) -> None:
    hers, _ = cast.box.family.invite(cast.mara, "relative", name="", now=NOW)
    his, _ = cast.box.family.invite(cast.tobias, "relative", name="", now=NOW)
    leave(cast, cast.mara)
    assert cast.box.family.invitations.open(NOW).get() == his
    assert hers.family.invitations.count() == 2


def test_everything_the_family_holds_together_is_left_together(cast: Cast) -> None:
    with acting_for(cast.mara.pk):
        sol = KeepsakeBox.begin(cast.box.family, name="Sol", cloth="clay", now=NOW)
    put(cast.tobias, sol, "The sea")
    leave(cast, cast.mara)
    with acting_for(cast.mara.pk):
        assert {box.name for box in KeepsakeBox.objects.all()} == {"Ansel", "Sol"}
        assert Memory.objects.get().box.name == "Sol"


def test_a_relatives_tribute_that_is_being_let_go_of_is_erased_after_they_look_no_more(cast: Cast) -> None:
    ilse, place = ilse_of(cast)
    tribute, other = put(ilse, cast.box, "For a July baby", "tribute"), put(ilse, cast.box, "A song", "tribute")
    with acting_for(ilse.pk):
        erasing.let_go_of_memory(tribute, ilse, NOW)
        place.part(ilse, NOW)
        assert not Memory.objects.exists()
    erase_what_is_due()
    with acting_for(cast.mara.pk):
        assert Memory.objects.get() == other, "what they gave stays"


def test_a_large_box_is_copied_in_a_moment_and_in_one_write_of_keys(cast: Cast) -> None:
    box = box_of(cast.ruth, cast.piotr, name="Many")
    for number in range(20):
        put(cast.ruth, box, f"number {number}")
    generation = _generation(box)
    with acting_for(cast.ruth.pk):
        copy = leaving.leave(box.family, cast.ruth, keep_copy=True, take_mine=False, now=NOW)
    assert copy is not None
    assert _generation(copy) == 2, "made, and given its items"
    assert generation > 20
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _generation(box: KeepsakeBox) -> int:
    return vaults.here().read(box.vault).record.generation
