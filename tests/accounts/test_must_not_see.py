"""People who must never see me: V4, V6, S5."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from alongside.accounts import addresses
from alongside.accounts.models import (
    Account,
    Agreement,
    Block,
    EnoughNamed,
    MustNotSee,
    Naming,
    agree,
    blocked_pairs,
    change_address,
)
from alongside.accounts.models import must_not_see as module
from alongside.database.viewer import acting_for
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import comes_in, without_tokens
from tests.cast import NOW, Cast, block

pytestmark = pytest.mark.django_db


def name(by: Account, address: str) -> MustNotSee:
    with acting_for(by.pk):
        return MustNotSee.objects.keep_away(by, address, NOW)


def is_apart(one: Account, other: Account) -> bool:
    return Block.objects.filter(blocker=one, blocked=other).exists()


@pytest.mark.parametrize("said", ["ex@example.org", " EX@Example.ORG ", "ex+alias@example.org", "ＥＸ@example.org"])
def test_v4_who_was_named_before_joining_never_meets_her(cast: Cast, said: str) -> None:
    name(cast.mara, said)
    ex = Account.objects.join("Ex+other@example.org", name="Somebody", now=NOW)
    assert is_apart(cast.mara, ex)
    assert not is_apart(cast.tobias, ex)


def test_v4_who_is_here_already_is_kept_apart_at_once_and_let_go_with_the_naming(cast: Cast) -> None:
    named = name(cast.mara, "RUTH@example.org")
    assert is_apart(cast.mara, cast.ruth)
    with acting_for(cast.mara.pk):
        named.take_back(NOW)
    assert not is_apart(cast.mara, cast.ruth)


def test_v4_a_block_by_hand_outlives_the_naming(cast: Cast) -> None:
    block(cast.mara, cast.ruth)
    named = name(cast.mara, "ruth@example.org")
    with acting_for(cast.mara.pk):
        named.take_back(NOW)
    assert is_apart(cast.mara, cast.ruth)


def test_v4_changing_the_address_to_a_named_one_keeps_them_apart(cast: Cast) -> None:
    name(cast.mara, "ex@example.org")
    change_address(cast.ruth, "ex@example.org", NOW)
    assert is_apart(cast.mara, cast.ruth)


def test_v4_naming_oneself_does_nothing(cast: Cast) -> None:
    name(cast.mara, "mara@example.org")
    assert not Block.objects.exists()


def test_v4_a_naming_from_before_a_new_signing_key_still_counts(cast: Cast, settings: Settings) -> None:
    name(cast.mara, "ex@example.org")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert is_apart(cast.mara, Account.objects.join("ex@example.org", name="Somebody", now=NOW))
    name(cast.tobias, "ruth@example.org")
    assert is_apart(cast.tobias, cast.ruth)


def test_s5_nobody_else_reads_whom_she_named_or_what_she_agreed_to(cast: Cast) -> None:
    name(cast.mara, "ex@example.org")
    with acting_for(cast.mara.pk):
        agree(cast.mara, "keeping", "1", NOW)
    for viewer, seen in ((cast.mara.pk, 1), (cast.tobias.pk, 0), (cast.dami.pk, 0), (None, 0)):
        with acting_for(viewer):
            agreed = Agreement.objects.filter(account=cast.mara).exists()
            assert (MustNotSee.objects.count(), agreed) == (seen, bool(seen))
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_s10_the_address_is_in_the_row_for_its_owner_alone(cast: Cast) -> None:
    named = name(cast.mara, "ex@example.org")
    with acting_for(cast.mara.pk):
        row = MustNotSee.objects.get()
    assert b"ex@example.org" not in bytes(row.digest) + bytes(row.address_sealed)
    assert row.address == "ex@example.org"
    assert bytes(named.digest) == addresses.digest("EX@example.org")
    assert str(row) == str(named)
    assert "example" not in str(row)


def test_v6_naming_an_address_that_is_here_and_one_that_is_not_answer_alike(cast: Cast, newest: Newest) -> None:
    pages: list[tuple[int, str, str]] = []
    for address in ("ruth@example.org", "nada@example.org"):
        mara = comes_in("mara@example.org", newest, REMOTE_ADDR=f"203.0.113.{len(pages)}")
        answer = mara.fill("/you/must-not-see/", {"email": address})
        page = without_tokens(mara.get("/you/must-not-see/").content).replace(address, "")
        with acting_for(cast.mara.pk):
            named = MustNotSee.objects.get()
            pages.append((answer.status_code, answer["Location"], page.replace(_shown(named), "")))
            named.take_back(NOW)
    assert pages[0] == pages[1]


def _shown(named: MustNotSee) -> str:
    from alongside import ids

    return ids.show(named.pk)


def test_nobody_takes_back_what_another_named(cast: Cast, newest: Newest) -> None:
    named = name(cast.mara, "ex@example.org")
    ruth = comes_in("ruth@example.org", newest)
    page = ruth.fill("/you/must-not-see/", {"email": "a@example.org"})
    assert page.status_code == 302
    token = ruth.cookies["__Host-csrf"].value
    said = {"csrfmiddlewaretoken": token}
    answer = ruth.post(f"/you/must-not-see/{_shown(named)}/take-back/", said, HTTP_ORIGIN="https://testserver")
    assert answer.status_code == 404
    assert is_apart(cast.mara, Account.objects.join("ex@example.org", name="Somebody", now=NOW))


def test_there_is_an_end_to_naming(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    name(cast.mara, "a@example.org")
    name(cast.mara, "b@example.org")
    name(cast.mara, "B@example.org")
    with pytest.raises(EnoughNamed):
        name(cast.mara, "c@example.org")


def sees(who: Account, other: Account, days: float = 0) -> bool:
    return other.pk not in blocked_pairs(who.pk, NOW + timedelta(days=days))


def test_v6_naming_hides_me_at_once_and_them_only_after_days_nobody_can_foretell(cast: Cast) -> None:
    for other in (cast.ruth, cast.piotr, cast.tobias):
        name(cast.mara, f"{other.profile.name.lower()}@example.org")
        assert not sees(other, cast.mara)
        assert sees(cast.mara, other)
        assert sees(cast.mara, other, days=1.99)
        assert not sees(cast.mara, other, days=6)
    assert len(set(Block.objects.values_list("hidden_from_blocker_at", flat=True))) == 3


def test_v6_taking_back_shows_nothing_new_for_days(cast: Cast) -> None:
    named, quick = name(cast.mara, "ruth@example.org"), name(cast.mara, "piotr@example.org")
    with acting_for(cast.mara.pk):
        quick.take_back(NOW + timedelta(days=1))
        named.take_back(NOW + timedelta(days=10))
    assert sees(cast.mara, cast.piotr, days=1), "what did not show yet never shows"
    assert sees(cast.mara, cast.piotr, days=9)
    assert not sees(cast.mara, cast.ruth, days=11.99)
    assert sees(cast.mara, cast.ruth, days=16)
    assert sees(cast.ruth, cast.mara, days=16)


def test_v6_naming_again_while_it_lifts_keeps_them_apart(cast: Cast) -> None:
    named = name(cast.mara, "ruth@example.org")
    with acting_for(cast.mara.pk):
        named.take_back(NOW + timedelta(days=10))
        MustNotSee.objects.keep_away(cast.mara, "ruth@example.org", NOW + timedelta(days=11))
    assert not sees(cast.mara, cast.ruth, days=30)
    with acting_for(cast.mara.pk):
        MustNotSee.objects.get().take_back(NOW + timedelta(days=30))
        assert Block.objects.forget_lifted(NOW + timedelta(days=36)) == 1


def test_v6_a_new_address_that_was_named_tells_nobody_whose_it_is(cast: Cast) -> None:
    name(cast.mara, "ex@example.org")
    change_address(cast.ruth, "ex@example.org", NOW)
    assert sees(cast.mara, cast.ruth)
    assert not sees(cast.ruth, cast.mara)
    ex = Account.objects.join("ex+2@example.org", name="Somebody", now=NOW)
    assert not sees(cast.mara, ex), "who was never seen is not seen from the first day"


def test_v6_ten_namings_a_month_counting_those_taken_back(cast: Cast, newest: Newest) -> None:
    with acting_for(cast.mara.pk):
        for number in range(10):
            MustNotSee.objects.keep_away(cast.mara, f"a{number}@example.org", timezone.now()).take_back(timezone.now())
    mara = comes_in("mara@example.org", newest)
    answer = mara.fill("/you/must-not-see/", {"email": "b@example.org"})
    assert answer.status_code == 422
    assert "in a month" in answer.content.decode()
    with acting_for(cast.mara.pk):
        MustNotSee.objects.keep_away(cast.mara, "b@example.org", timezone.now() + timedelta(days=31))
    with acting_for(cast.ruth.pk):
        assert not Naming.objects.exists(), "nobody else reads how often"
