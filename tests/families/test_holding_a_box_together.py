"""C5, C7, L3: one parent is a family, every parent is equal, and nobody is put out or in by another."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from alongside.families.models import Family, NotAParent, Parent, families_of
from tests.cast import A_DAY, NOW, Cast, join, told

pytestmark = pytest.mark.django_db


def test_c5_one_parent_is_a_family(cast: Cast) -> None:
    family = Family.begin(cast.ruth, NOW)
    assert family.parent(cast.ruth).joined_at == NOW
    assert families_of(cast.ruth.pk) == {family.pk}


def test_c5_who_accepts_is_a_parent_like_the_other(cast: Cast) -> None:
    family = cast.box.family
    assert {parent.account for parent in family.parents.current()} == {cast.mara, cast.tobias}
    assert families_of(cast.mara.pk) == families_of(cast.tobias.pk) == {family.pk}


@pytest.mark.parametrize("who", ["ruth", "piotr", "dami"])
def test_nobody_else_is_a_parent(cast: Cast, who: str) -> None:
    with pytest.raises(NotAParent):
        cast.box.family.parent(getattr(cast, who))
    assert families_of(getattr(cast, who).pk) == frozenset()


def test_c5_nobody_stands_in_a_family_twice(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.box.family.accept(cast.mara, NOW)


def test_c7_who_leaves_no_longer_counts_and_may_come_back(cast: Cast) -> None:
    family = cast.box.family
    family.parent(cast.tobias).leave(NOW)
    with pytest.raises(NotAParent):
        family.parent(cast.tobias)
    assert families_of(cast.tobias.pk) == frozenset()
    family.accept(cast.tobias, NOW + A_DAY)
    assert families_of(cast.tobias.pk) == {family.pk}
    assert Parent.objects.filter(family=family, account=cast.tobias).count() == 2, "what was, stays written"


def test_c7_an_answer_from_before_leaving_does_not_count_after_coming_back(cast: Cast) -> None:
    story = told(cast)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cast.box.family.parent(cast.tobias).leave(NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.box.family.accept(cast.tobias, NOW + A_DAY)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert story.stands_open


def test_l3_neither_an_account_nor_a_family_goes_while_others_hold_on_to_it(cast: Cast) -> None:
    told(cast)
    for held in (cast.tobias, cast.box.family, cast.box):
        with pytest.raises(ProtectedError), transaction.atomic():
            held.delete()


def test_what_is_printed_of_a_family_says_nothing_of_it(cast: Cast) -> None:
    other = join("Oluchi")
    for shown in (cast.box.family, cast.box.family.parent(cast.mara), cast.box, other):
        for word in ("Mara", "Ansel", "Oluchi", "example.org"):
            assert word not in f"{shown} {shown!r}"
