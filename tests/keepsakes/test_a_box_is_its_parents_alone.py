"""V1, L1, H7: a box is its parents' alone: in code, in the database below it, and on the disk."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, connections, transaction

from alongside.database.viewer import acting_for
from alongside.families.circumstances import Circumstances
from alongside.families.models import Family
from alongside.keepsakes.models import Cloth, KeepsakeBox
from tests.cast import NOW, Cast, box_of, gather, join


@pytest.mark.django_db
def test_v1_its_parents_see_it_and_nobody_else_host_and_steward_included(cast: Cast) -> None:
    cast.dami.steward_since = NOW
    cast.dami.save()
    for who in (cast.mara, cast.tobias):
        with acting_for(who.pk):
            assert KeepsakeBox.objects.get() == cast.box
    for other in (cast.ruth, cast.piotr, cast.dami):
        with acting_for(other.pk):
            assert not KeepsakeBox.objects.exists()
            assert KeepsakeBox.objects.filter(pk=cast.box.pk).update(cloth=Cloth.CLAY) == 0
    assert not KeepsakeBox.objects.exists()


@pytest.mark.django_db
def test_v1_each_family_sees_its_own(cast: Cast) -> None:
    other = join("Oluchi")
    own = box_of(other, name="Sol")
    with acting_for(other.pk):
        assert KeepsakeBox.objects.get() == own


@pytest.mark.django_db
def test_v1_nobody_puts_a_box_into_another_family_or_takes_one_away(cast: Cast) -> None:
    mine = Family.begin(cast.ruth, NOW)
    with pytest.raises(DatabaseError, match="row-level security"), acting_for(cast.ruth.pk):
        KeepsakeBox.begin(cast.box.family, name="Planted", cloth="clay", now=NOW)
    with pytest.raises(DatabaseError, match="row-level security"), acting_for(cast.mara.pk):
        KeepsakeBox.objects.filter(pk=cast.box.pk).update(family=mine)
    with acting_for(cast.mara.pk):
        assert KeepsakeBox.objects.get().family == cast.box.family


@pytest.mark.django_db
def test_l1_each_box_has_a_key_of_its_own(cast: Cast) -> None:
    assert box_of(cast.ruth, name="Noa").vault != cast.box.vault


def test_h7_neither_its_name_nor_what_happened_is_in_the_database_in_clear(committed_db: None) -> None:
    cast = gather()
    with acting_for(cast.mara.pk):
        box = KeepsakeBox.objects.get()
        box.name = "CANARY-ANSEL"
        box.circumstances = Circumstances(kinds=("tfmr_baby",), weeks=22)
        box.save()
    with acting_for(cast.tobias.pk):
        again = KeepsakeBox.objects.get()
        assert again.name == "CANARY-ANSEL"
        assert again.circumstances == Circumstances(kinds=("tfmr_baby",), weeks=22)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT b::text FROM keepsakes_keepsakebox b")
        row = "".join(text for (text,) in cursor.fetchall())
    for word in ("CANARY", b"CANARY".hex(), "tfmr_baby", b"tfmr_baby".hex()):
        assert word not in row


@pytest.mark.django_db
def test_h7_a_box_with_nothing_said_is_a_box(cast: Cast) -> None:
    family = Family.begin(cast.ruth, NOW)
    with acting_for(cast.ruth.pk):
        box = KeepsakeBox.begin(family, name="", cloth="flax", now=NOW)
        assert KeepsakeBox.objects.get() == box
        assert not KeepsakeBox.objects.get().circumstances


@pytest.mark.django_db
def test_s5_the_lock_is_on_for_whoever_the_web_is(db: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'keepsakes_keepsakebox'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT array_agg(polcmd::text ORDER BY polcmd::text) FROM pg_policy p "
                       "JOIN pg_class c ON c.oid = p.polrelid WHERE c.relname = 'keepsakes_keepsakebox'")  # fmt: skip
        assert cursor.fetchone() == (["a", "d", "r", "r", "w"],)
