"""Hosts and stewards are named on the command line, before anybody has joined too, and each slip is said in words."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from pytest_django import Settings

from alongside.accounts.models import Account
from alongside.community import hosting
from alongside.env import BadSetting
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def test_the_first_steward_is_there_before_anybody_has_joined() -> None:
    said = hosting.add(" ruth@example.org ", steward=True, now=NOW)
    ruth = Account.objects.get()
    assert (ruth.email, ruth.steward_since, ruth.host_since) == ("ruth@example.org", NOW, NOW)
    assert ruth.profile.name == hosting.NAME_UNTIL_CHOSEN
    assert "They sign in at /sign-in/ with a code sent to that address and add a second factor." in said


def test_who_has_joined_keeps_their_account_and_their_name(cast: Cast, settings: Settings) -> None:
    said = hosting.add("MARA@example.org", steward=False, now=NOW)
    cast.mara.refresh_from_db()
    assert (cast.mara.host_since, cast.mara.steward_since, cast.mara.profile.name) == (NOW, None, "Mara")
    assert "a host now" in said[0]
    assert "/you/keys/" in said[1]
    Authenticator.objects.create(user=cast.mara, type=Authenticator.Type.TOTP, data={})
    settings.MAIL_READY = True
    assert hosting.add("mara@example.org", steward=True, now=NOW) == ["mara@example.org is a host and a steward now."]


def test_without_mail_it_says_that_no_code_can_come(settings: Settings) -> None:
    settings.MAIL_READY = False
    assert "EMAIL_URL" in hosting.add("ruth@example.org", steward=True, now=NOW)[-1]
    settings.MAIL_READY = True
    assert "EMAIL_URL" not in " ".join(hosting.add("ruth@example.org", steward=True, now=NOW))


def test_who_is_no_host_any_more_keeps_the_account(cast: Cast) -> None:
    hosting.add("mara@example.org", steward=True, now=NOW)
    assert hosting.remove("Mara@example.org")[-1].startswith("Nobody is a steward now")
    cast.mara.refresh_from_db()
    assert (cast.mara.host_since, cast.mara.steward_since, cast.mara.closed_at) == (None, None, None)
    assert [line.split(":")[0] for line in hosting.listed()] == ["dami@example.org"]


def test_the_list_says_who_lacks_a_second_factor(cast: Cast) -> None:
    (line,) = hosting.listed()
    assert line.endswith("; no second factor yet")
    Authenticator.objects.create(user=cast.dami, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert hosting.listed() == [line]
    Authenticator.objects.create(user=cast.dami, type=Authenticator.Type.WEBAUTHN, data={})
    assert hosting.listed() == [line.removesuffix("; no second factor yet")]


@pytest.mark.parametrize("address", ["", "ruth", "ruth at example.org", "ruth@", "@example.org", "a@b@c"])
def test_what_is_no_address_is_refused_and_makes_nobody(address: str) -> None:
    with pytest.raises(BadSetting, match="no e-mail address"):
        hosting.add(address, steward=True, now=NOW)
    assert not Account.objects.exists()


def test_a_closed_account_is_no_host(cast: Cast) -> None:
    cast.mara.closed_at = NOW
    cast.mara.save()
    with pytest.raises(BadSetting, match="closed"):
        hosting.add("mara@example.org", steward=True, now=NOW)


@pytest.mark.parametrize("address", ["mara@example.org", "nobody@example.org"])
def test_who_is_no_host_cannot_be_taken_away(cast: Cast, address: str) -> None:
    with pytest.raises(BadSetting, match="neither host nor steward"):
        hosting.remove(address)
