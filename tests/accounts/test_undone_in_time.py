"""A change of address by somebody else, a lost passkey, and what a thief has left: T1, S22, S24."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core import mail
from django.utils import timezone

from alongside.accounts import fresh
from alongside.accounts.models import (
    Account,
    FormerAddress,
    MustNotSee,
    change_address,
    forget_former_addresses,
    opened_by,
)
from alongside.database.viewer import acting_for
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import Comer, comes_in
from tests.accounts.test_keys import comes_half, digits, later, recovery_codes, sets_up
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def passkey(account: Account) -> Authenticator:
    made: Authenticator = Authenticator.objects.create(
        user=account, type="webauthn", data={"name": "", "credential": {}}
    )
    return made


def token(comer: Comer) -> str:
    found = re.search(r'name="key" value="(\w+)"', comer.get("/you/keys/").content.decode())
    assert found
    return found[1]


def presses(comer: Comer, path: str, said: dict[str, str], page: str = "/you/keys/") -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', comer.get(page).content.decode())
    assert found
    answer = comer.post(path, said | {"csrfmiddlewaretoken": found[1]}, HTTP_ORIGIN="https://testserver")
    # What was typed is shown again, with the way to showing it in another tab.
    again = re.search(r'<a href="(/you/again/[^"]+)" target="_blank"', answer.content.decode())
    assert "ex@example.org" not in answer.content.decode()
    return again[1] if again else str(answer["Location"])


def uses_a_key(comer: Comer) -> None:
    session = comer.session
    fresh.mark(session, keyed=True)
    session.save()


def held(account: Account) -> set[str]:
    return set(Authenticator.objects.filter(user=account).values_list("type", flat=True))


def test_t1_with_a_key_a_mailed_code_alone_changes_no_address(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    assert mara.get("/you/address/").status_code == 200
    passkey(cast.mara)
    assert mara.get("/you/address/")["Location"].startswith("/you/again/?next=%2Fyou%2Faddress%2F")
    assert "Send me a code" not in mara.get("/you/again/?next=/you/address/").content.decode()
    uses_a_key(mara)
    assert mara.get("/you/address/").status_code == 200


def test_t1_for_three_days_the_address_before_opens_the_account_and_takes_it_back(cast: Cast, newest: Newest) -> None:
    thief = comes_in("mara@example.org", newest)
    for to in ("thief@evil.example", "second@evil.example"):
        thief.fill("/you/address/", {"email": to})
        assert thief.fill("/you/address/", {"code": newest(to)})["Location"] == "/you/"
    mara = comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.1")
    page = mara.get("/you/address/").content.decode()
    back = re.search(r'name="back" value="([\w-]+)">Take back <bdi>mara@example.org', page)
    assert back
    assert mara.fill("/you/address/", {"back": back[1]})["Location"] == "/you/"
    assert Account.objects.get(pk=cast.mara.pk).email == "mara@example.org"
    assert not thief.is_somebody()
    assert mara.is_somebody()
    assert not FormerAddress.objects.exists(), "what came after it opens nothing"
    assert opened_by("second@evil.example", timezone.now()) is None


def test_t12_who_leaves_a_mailbox_that_another_reads_with_a_key_leaves_nobody_a_way_in(
    cast: Cast, newest: Newest
) -> None:
    mara = comes_in("mara@example.org", newest)
    assert "set up a passkey first" in mara.get("/you/address/").content.decode()
    change_address(cast.mara, "between@example.org", timezone.now())
    cast.mara.refresh_from_db()
    passkey(cast.mara)
    uses_a_key(mara)
    assert "so the address before lets nobody in" in mara.get("/you/address/").content.decode()
    mara.fill("/you/address/", {"email": "safe@example.org"})
    assert mara.fill("/you/address/", {"code": newest("safe@example.org")})["Location"] == "/you/"
    told = str(mail.outbox[-1].body)
    assert mail.outbox[-1].to == ["between@example.org"]
    assert "lets nobody in any more" in told
    assert "safe@" not in told
    for before in ("mara@example.org", "between@example.org"):
        assert opened_by(before, timezone.now()) is None, "nor one from before the key"
    assert opened_by("safe@example.org", timezone.now()) == cast.mara
    assert mara.is_somebody()


def test_t1_after_three_days_and_for_another_account_it_opens_nothing(cast: Cast) -> None:
    change_address(cast.mara, "mara@new.example", NOW)
    assert opened_by("MARA@example.org", NOW + timedelta(hours=71)) == cast.mara
    assert opened_by("mara@example.org", NOW + timedelta(hours=72)) is None
    change_address(cast.ruth, "mara@example.org", NOW)
    assert opened_by("mara@example.org", NOW) == cast.ruth, "who has the address now comes first"
    assert forget_former_addresses(NOW + timedelta(hours=72)) == 2


def test_t1_nobody_takes_back_what_was_anothers(cast: Cast, newest: Newest) -> None:
    change_address(cast.mara, "mara@new.example", timezone.now())
    ruth = comes_in("ruth@example.org", newest)
    from alongside import ids

    back = ids.show(FormerAddress.objects.get().pk)
    assert ruth.fill("/you/address/", {"back": back})["Location"] == "/you/address/"
    assert Account.objects.get(pk=cast.ruth.pk).email == "ruth@example.org"


def test_s22_who_reads_the_mail_of_a_passkeys_owner_neither_adds_nor_removes_a_key(cast: Cast, newest: Newest) -> None:
    passkey(cast.mara)
    thief = comes_in("mara@example.org", newest)
    assert thief.get("/you/keys/authenticator/")["Location"].startswith("/you/again/")
    key = token(thief)
    assert presses(thief, "/you/keys/passkey/remove/", {"key": key}).startswith("/you/again/")
    assert held(cast.mara) == {"webauthn"}
    comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.2")


def test_s22_a_lost_passkey_goes_three_days_after_it_was_said_with_a_mailed_code(cast: Cast, newest: Newest) -> None:
    passkey(cast.mara)
    lost, mara = comes_in("mara@example.org", newest), comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.3")
    mail.outbox.clear()
    assert presses(mara, "/you/keys/passkey/lost/", {"key": token(mara)}) == "/you/keys/"
    assert [one.subject for one in mail.outbox] == ["A note from Alongside"]
    assert "It goes on" in mara.get("/you/keys/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=71), tick=False):
        mara.get("/you/keys/")
    assert held(cast.mara) == {"webauthn"}
    with time_machine.travel(timezone.now() + timedelta(hours=73), tick=False):
        mara.get("/you/keys/")
        assert held(cast.mara) == set()
        assert not lost.is_somebody()
        assert mara.is_somebody()


def test_s22_any_use_of_a_passkey_keeps_it(cast: Cast, newest: Newest) -> None:
    key = passkey(cast.mara)
    thief = comes_in("mara@example.org", newest)
    presses(thief, "/you/keys/passkey/lost/", {"key": token(thief)})
    key.refresh_from_db()
    key.record_usage()
    with time_machine.travel(timezone.now() + timedelta(hours=80), tick=False):
        thief.get("/you/keys/")
    assert held(cast.mara) == {"webauthn"}


def test_s22_beside_an_authenticator_or_for_a_host_a_mailed_code_says_nothing_lost(cast: Cast, newest: Newest) -> None:
    for account in (cast.mara, cast.dami):
        passkey(account)
    Authenticator.objects.create(user=cast.mara, type="totp", data={"secret": "x"})
    for account in (cast.mara, cast.dami):
        comer = Comer()
        comer.force_login(account)
        session = comer.session
        fresh.mark(session, keyed=False)
        session.save()
        presses(comer, "/you/keys/passkey/lost/", {"key": token(comer)})
    assert not any("asked_to_be_removed" in one.data for one in Authenticator.objects.all())


def test_s24_what_was_taken_away_is_signed_out_and_no_key_counts_as_used(cast: Cast, newest: Newest) -> None:
    passkey(cast.mara)
    thief, mara = comes_in("mara@example.org", newest), comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.4")
    uses_a_key(mara)
    presses(mara, "/you/keys/passkey/remove/", {"key": token(mara)})
    assert held(cast.mara) == set()
    assert not thief.is_somebody()
    assert mara.is_somebody()
    assert not fresh.is_keyed(mara.session)


def test_s24_an_authenticator_that_was_taken_away_too(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    secret = sets_up(mara)
    other = comes_half("mara@example.org", newest, REMOTE_ADDR="203.0.113.5")
    other.fill("/sign-in/second/", {"code": digits(secret, 1)})
    assert other.is_somebody()
    presses(mara, "/you/keys/authenticator/remove/", {})
    assert not other.is_somebody()
    assert not fresh.is_keyed(mara.session)


def test_s23_wrong_digits_from_many_places_lock_no_owner_out(cast: Cast, newest: Newest) -> None:
    secret = sets_up(comes_in("mara@example.org", newest))
    right = 0
    for place in range(4):
        thief = comes_half("mara@example.org", newest, REMOTE_ADDR=f"198.51.100.{place}")
        for _ in range(8):
            more = {"REMOTE_ADDR": f"198.51.100.{place}"}
            right += (
                "That isn’t the code" in thief.fill("/sign-in/second/", {"code": "000000"}, **more).content.decode()
            )
    assert right == 4 * 2 + 4, "a free one and one of the household each, and the shared ones"
    mara = comes_half("mara@example.org", newest, REMOTE_ADDR="203.0.113.6")
    here = {"REMOTE_ADDR": "203.0.113.6"}
    assert mara.fill("/sign-in/second/", {"code": digits(secret, 1)}, **here)["Location"] == "/you/"


def test_s23_wrong_digits_lock_nobody_out_of_showing_that_it_is_them(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    sets_up(mara)
    code = recovery_codes(mara)[0]
    thief = comes_half("mara@example.org", newest, REMOTE_ADDR="198.51.100.9")
    for _ in range(12):
        thief.fill("/sign-in/second/", {"code": "000000"}, REMOTE_ADDR="198.51.100.9")
    later(mara)
    assert mara.fill("/you/again/?next=/you/", {"code": code, "next": "/you/"})["Location"] == "/you/"


@pytest.mark.parametrize("form", ["/you/must-not-see/", "/you/must-not-see/{}/take-back/"])
def test_t1_a_signed_in_phone_names_nobody_and_takes_nothing_back(cast: Cast, newest: Newest, form: str) -> None:
    from alongside import ids
    from tests.accounts.test_must_not_see import name

    named = name(cast.mara, "ex@example.org")
    mara = comes_in("mara@example.org", newest)
    later(mara)
    answer = mara.get("/you/must-not-see/")
    assert answer["Location"].startswith("/you/again/"), "nor sees whom she named"
    there = presses(mara, form.format(ids.show(named.pk)), {"email": "ruth@example.org"}, page="/you/words/")
    assert there == "/you/again/?next=%2Fyou%2Fmust-not-see%2F"
    with acting_for(cast.mara.pk):
        assert [one.address for one in MustNotSee.objects.filter(account=cast.mara)] == ["ex@example.org"]
