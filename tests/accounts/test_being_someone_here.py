"""Accounts, profiles, blocks and sessions: V2, V4, S24."""

from __future__ import annotations

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import Settings

from alongside.accounts.backend import AccountBackend
from alongside.accounts.models import Account, Block, Profile, blocked_pairs
from alongside.visibility.reader import Reader
from tests.cast import NOW, Cast, block, join

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.visibility.forgetful")]


def test_one_account_an_address_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.join("MARA@Example.ORG", name="Someone", now=NOW)
    assert Account.objects.get_by_natural_key(" Mara@EXAMPLE.org ") == cast.mara


def test_there_is_no_password_to_steal(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'accounts_account'")
        columns = {name for (name,) in cursor.fetchall()}
    assert columns.isdisjoint({"password", "last_login", "username", "first_name", "last_name", "is_superuser"})
    assert not cast.mara.has_usable_password()
    assert AccountBackend().authenticate(None, email="mara@example.org", password="") is None  # type: ignore[func-returns-value]


def test_a_name_is_sealed_in_the_database(cast: Cast) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_sealed FROM accounts_profile WHERE account_id = %s", [cast.mara.pk])
        assert b"Mara" not in bytes(cursor.fetchone()[0])
    assert Profile.objects.get(account=cast.mara).name == "Mara"
    assert cast.reader(cast.mara).name() == "Mara"
    assert cast.reader(None).name() == ""


def test_what_is_printed_of_somebody_says_nothing_of_them(cast: Cast) -> None:
    block(cast.mara, cast.ruth)
    for shown in (cast.mara, cast.mara.profile, Block.objects.get()):
        assert "mara" not in f"{shown} {shown!r}".lower().replace("tamara", "")


def test_v2_lived_is_ones_own_word(cast: Cast) -> None:
    assert not Reader.of(cast.piotr).lived
    cast.piotr.profile.say_lived(NOW)
    assert Reader.of(cast.piotr).lived


def test_v4_a_block_counts_for_both(cast: Cast) -> None:
    block(cast.mara, cast.ruth)
    block(cast.piotr, cast.mara)
    assert blocked_pairs(cast.mara.pk) == {cast.ruth.pk, cast.piotr.pk}
    assert blocked_pairs(cast.ruth.pk) == blocked_pairs(cast.piotr.pk) == {cast.mara.pk}
    assert blocked_pairs(cast.dami.pk) == frozenset()


def test_v4_a_block_is_said_once_and_never_to_oneself(cast: Cast) -> None:
    block(cast.mara, cast.ruth)
    for one, other in ((cast.mara, cast.ruth), (cast.mara, cast.mara)):
        with pytest.raises(IntegrityError), transaction.atomic():
            block(one, other)


def test_a_reader_cannot_be_changed_on_the_way(cast: Cast) -> None:
    with pytest.raises(AttributeError):
        cast.reader(None).lived = True  # type: ignore[misc]


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def is_known(client: Client) -> bool:
    """Whether the house knows who asks: a parent sees her own box, a guest none."""
    return client.get("/everything/", secure=True).content.startswith(b"1 ")


def test_s24_end_sessions_counts_at_the_next_request_everywhere(cast: Cast) -> None:
    phone, laptop = signed_in(cast.mara), signed_in(cast.mara)
    other = signed_in(cast.tobias)
    assert is_known(phone)
    assert is_known(laptop)
    cast.mara.end_sessions()
    assert not is_known(phone)
    assert not is_known(laptop)
    assert is_known(other)


def test_s24_a_closed_account_is_nobody_at_the_next_request(cast: Cast) -> None:
    client = signed_in(cast.mara)
    cast.mara.closed_at = NOW
    cast.mara.save()
    assert not is_known(client)
    assert AccountBackend().get_user(cast.mara.pk) is None


@pytest.mark.parametrize(
    "written",
    [
        {SESSION_KEY: "mara"},
        {SESSION_KEY: "mara", HASH_SESSION_KEY: ""},
        {SESSION_KEY: "mara", BACKEND_SESSION_KEY: "django.contrib.auth.backends.AllowAllUsersModelBackend"},
    ],
)
def test_s24_a_session_written_by_hand_is_nobodys(cast: Cast, written: dict[str, str]) -> None:
    """Whoever can write a session row, but not sign, becomes nobody else by it."""
    client = signed_in(join("Noor"))
    session = client.session
    session.update(written | {SESSION_KEY: str(cast.mara.pk)})
    session.save()
    assert not is_known(client)


def test_s24_a_new_signing_key_signs_nobody_out_while_the_old_one_is_named(cast: Cast, settings: Settings) -> None:
    client, old = signed_in(cast.mara), settings.SECRET_KEY
    settings.SECRET_KEY = "another" * 8
    settings.SECRET_KEY_FALLBACKS = [old]
    assert is_known(client)
    settings.SECRET_KEY_FALLBACKS = []
    settings.SECRET_KEY = "a third" * 8
    assert not is_known(client)
