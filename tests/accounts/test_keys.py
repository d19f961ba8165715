"""Authenticators, recovery codes, hosts and what they need, and showing that it is still you: S22, S24, T1."""

from __future__ import annotations

import base64
import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.db import connection
from django.utils import timezone

from alongside.accounts import hosts
from alongside.accounts.keys import ways
from alongside.accounts.models import Account
from alongside.vault import vaults
from alongside.vault.errors import KeyErased
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import Comer, comes_in
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def digits(secret: str, steps: int = 0) -> str:
    """What an authenticator shows for a secret."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def sets_up(comer: Comer) -> str:
    """Let somebody set up an authenticator; return its secret."""
    page = comer.get("/you/keys/authenticator/").content.decode()
    found = re.search(r"secret=([A-Z2-7]+)", page)
    assert found, page
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    said = {"csrfmiddlewaretoken": token[1], "code": digits(found[1])}
    answer = comer.post("/you/keys/authenticator/", said, HTTP_ORIGIN="https://testserver")
    assert answer["Location"] == "/you/keys/recovery/", answer.content.decode()
    return found[1]


def recovery_codes(comer: Comer) -> list[str]:
    return re.findall(r"<li[^>]*>(\d{8})</li>", comer.get("/you/keys/recovery/").content.decode())


def later(comer: Comer) -> None:
    """Let an hour pass since they showed that it was them."""
    session = comer.session
    for name in ("fresh_at", "keyed_at"):
        if name in session:
            session[name] -= 3600
    session.save()


def comes_half(address: str, newest: Newest, **more: str) -> Comer:
    comer = Comer()
    comer.asks(address, **more)
    assert comer.fill("/sign-in/code/", {"code": newest(address)}, **more)["Location"] == "/sign-in/second/"
    return comer


def test_s22_with_an_authenticator_a_mailed_code_alone_opens_nothing(cast: Cast, newest: Newest) -> None:
    secret = sets_up(comes_in("mara@example.org", newest))
    thief = comes_half("mara@example.org", newest, REMOTE_ADDR="203.0.113.1")
    assert not thief.is_somebody()
    assert thief.fill("/sign-in/second/", {"code": "000000"}).status_code == 422
    assert not thief.is_somebody()
    assert thief.fill("/sign-in/second/", {"code": digits(secret, 1)})["Location"] == "/you/"
    assert thief.is_somebody()


def test_t1_the_secret_of_an_authenticator_in_use_is_shown_to_nobody(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    assert mara.get("/you/keys/authenticator/").status_code == 200
    assert mara.get("/you/keys/authenticator/picture/").status_code == 200
    secret = sets_up(mara)
    assert mara.get("/you/keys/authenticator/picture/").status_code == 404
    assert ways.fresh_secret(cast.mara, mara.session, anew=False) != secret


@pytest.mark.parametrize(("places", "most"), [("2001:db8:1:{:x}::1", 12), ("198.51.{}.7", 60)], ids=["one /48", "many"])
def test_s23_six_digits_are_guessed_slowly_from_however_many_places_and_a_recovery_code_opens_meanwhile(
    cast: Cast, newest: Newest, places: str, most: int
) -> None:
    mara = comes_in("mara@example.org", newest)
    sets_up(mara)
    code, tried = recovery_codes(mara)[0], 0
    with time_machine.travel(timezone.now(), tick=False):
        for place in range(45):
            peer, thief = {"REMOTE_ADDR": places.format(place)}, Comer()
            if thief.asks("mara@example.org", **peer).status_code != 302:
                continue
            thief.fill("/sign-in/code/", {"code": newest("mara@example.org")}, **peer)
            for _ in range(2):
                page = thief.fill("/sign-in/second/", {"code": "000 000"}, **peer).content.decode()
                tried += "That isn’t the code" in page
        assert 5 <= tried <= most
        here = {"REMOTE_ADDR": "2001:db8:2:1::1"}
        other = comes_half("mara@example.org", newest, **here)
        assert other.fill("/sign-in/second/", {"code": code}, **here)["Location"] == "/you/"


def test_s22_each_recovery_code_opens_once(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    sets_up(mara)
    codes = recovery_codes(mara)
    assert len(set(codes)) == 10
    other = comes_half("mara@example.org", newest, REMOTE_ADDR="203.0.113.1")
    assert other.fill("/sign-in/second/", {"code": codes[0]})["Location"] == "/you/"
    third = comes_half("mara@example.org", newest, REMOTE_ADDR="203.0.113.2")
    assert third.fill("/sign-in/second/", {"code": codes[0]}).status_code == 422
    assert codes[0] not in recovery_codes(mara)


def test_s22_new_recovery_codes_are_told_to_their_owner(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    sets_up(mara)
    before, letters = recovery_codes(mara), len(mail.outbox)
    assert mara.fill("/you/keys/recovery/", {})["Location"] == "/you/keys/recovery/"
    assert not {*before} & {*recovery_codes(mara)}
    assert [letter.to for letter in mail.outbox[letters:]] == [["mara@example.org"]]
    assert "made anew" in str(mail.outbox[-1].body)


def test_l1_secrets_are_sealed_for_their_owner_and_die_with_her_key(cast: Cast, newest: Newest) -> None:
    secret = sets_up(comes_in("mara@example.org", newest))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, ' ') FROM mfa_authenticator")
        held = str(cursor.fetchone()[0])
        cursor.execute("SELECT string_agg(session_data, ' ') FROM django_session")
        sessions = str(cursor.fetchone()[0])
    plain = base64.b32decode(secret)
    for form in (secret, plain.hex(), base64.b64encode(plain).decode(), base64.urlsafe_b64encode(plain).decode()):
        assert form not in held
        assert form not in sessions
    vaults.erase_vault(Account.objects.get(pk=cast.mara.pk).vault)
    thief = comes_half("mara@example.org", newest, REMOTE_ADDR="203.0.113.3")
    with pytest.raises(KeyErased):
        Authenticator.objects.get(user=cast.mara, type="totp").wrap().validate_code("000000")
    assert not thief.is_somebody()


def test_t1_a_signed_in_phone_changes_no_keys_and_no_address_an_hour_later(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    later(mara)
    for path in ("/you/keys/authenticator/", "/you/keys/passkey/", "/you/address/"):
        assert mara.get(path)["Location"].startswith("/you/again/?next=")
    mara.fill("/you/again/", {"mail": "1"})
    wrong = mara.fill("/you/again/", {"mailed": "1", "code": "0"})
    assert wrong.status_code == 422
    before = mara.session.session_key
    done = mara.fill(
        "/you/again/?next=/you/address/", {"mailed": "1", "code": newest("mara@example.org"), "next": "/you/address/"}
    )
    assert done["Location"] == "/you/address/"
    assert mara.session.session_key != before, "whoever copied the session has nothing"
    assert mara.get("/you/address/").status_code == 200


def test_t1_the_page_that_asks_again_leads_nowhere_else(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    mara.fill("/you/again/", {"mail": "1"})
    said = {"mailed": "1", "code": newest("mara@example.org"), "next": "https://evil.example/"}
    assert mara.fill("/you/again/", said)["Location"] == "/you/"


def test_s22_a_host_without_a_key_reaches_no_hosts_page_and_is_led_to_set_one_up(cast: Cast, newest: Newest) -> None:
    dami = Comer()
    dami.asks("dami@example.org")
    assert dami.fill("/sign-in/code/", {"code": newest("dami@example.org")})["Location"] == "/you/keys/"
    assert dami.get("/host/joining/")["Location"] == "/you/keys/"
    sets_up(dami)
    assert dami.get("/host/joining/").status_code == 200
    ruth = comes_in("ruth@example.org", newest)
    assert ruth.get("/host/joining/").status_code == Comer().get("/host/joining/").status_code == 404


def test_s22_who_reads_a_hosts_mail_gives_themselves_no_key(cast: Cast, newest: Newest) -> None:
    dami = comes_in_host("dami@example.org", newest)
    sets_up(dami)
    later(dami)
    mail_only = dami.get("/you/keys/passkey/")["Location"]
    dami.fill("/you/again/", {"mail": "1"})
    dami.fill("/you/again/", {"mailed": "1", "code": newest("dami@example.org")})
    assert dami.get("/you/keys/passkey/")["Location"] == mail_only, "a mailed code is not enough here"


def comes_in_host(address: str, newest: Newest) -> Comer:
    comer = Comer()
    comer.asks(address)
    assert comer.fill("/sign-in/code/", {"code": newest(address)})["Location"] == "/you/keys/"
    return comer


def test_s22_taking_the_role_away_counts_at_the_next_request(cast: Cast, newest: Newest) -> None:
    dami = comes_in_host("dami@example.org", newest)
    sets_up(dami)
    hosts.remove("Dami@example.org")
    assert dami.get("/host/joining/").status_code == 404
    assert hosts.add("dami@example.org", steward=True, now=timezone.now())
    assert dami.get("/host/joining/").status_code == 200
    with pytest.raises(hosts.NobodyThere):
        hosts.add("nobody@example.org", steward=False, now=timezone.now())


def test_a_new_key_is_told_by_mail_and_signs_out_everywhere_else(cast: Cast, newest: Newest) -> None:
    phone, laptop = (
        comes_in("mara@example.org", newest),
        comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.4"),
    )
    mail.outbox.clear()
    sets_up(phone)
    assert [one.subject for one in mail.outbox] == ["A note from Alongside"]
    assert phone.is_somebody()
    assert not laptop.is_somebody()


def test_a_lost_authenticator_is_taken_away_by_who_runs_the_machine(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    sets_up(mara)
    assert hosts.forget_keys("mara@example.org") == 2
    assert not mara.is_somebody()
    assert comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.5").is_somebody()


def test_changing_the_address_asks_the_new_one_and_tells_the_old(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    other = comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.6")
    mara.fill("/you/address/", {"email": "mara@new.example"})
    answer = mara.fill("/you/address/", {"code": newest("mara@new.example")})
    assert answer["Location"] == "/you/"
    assert Account.objects.get(pk=cast.mara.pk).email == "mara@new.example"
    told = mail.outbox[-1]
    assert told.to == ["mara@example.org"]
    assert "new.example" not in str(told.message())
    assert not other.is_somebody()


def test_v6_taking_an_address_that_has_a_place_changes_nothing_and_tells_only_its_owner(
    cast: Cast, newest: Newest
) -> None:
    mara = comes_in("mara@example.org", newest)
    asked = mara.fill("/you/address/", {"email": "ruth@example.org"})
    assert asked.status_code == 302, "the same as for any address"
    answer = mara.fill("/you/address/", {"code": newest("ruth@example.org")})
    assert answer.status_code == 422
    assert Account.objects.get(pk=cast.mara.pk).email == "mara@example.org"
    assert mara.is_somebody()


def test_a_passkey_carries_no_name_and_no_address(cast: Cast, newest: Newest) -> None:
    mara = comes_in("mara@example.org", newest)
    asked = mara.get("/you/keys/passkey/?options").json()["publicKey"]
    assert asked["user"] | {"id": ""} == {"id": "", "name": "Alongside", "displayName": "Alongside"}
    assert asked["rp"]["name"] == "Alongside"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert "mara" not in str(asked).lower()


@pytest.mark.parametrize(
    "said", ["", "{}", "[]", "null", '{"response": {"userHandle": 5}}', '{"rawId": "x", "response": {}}', "x" * 9000]
)
def test_s22_something_that_is_no_passkey_opens_nothing_and_breaks_nothing(cast: Cast, said: str) -> None:
    comer = Comer()
    assert "challenge" in comer.get("/sign-in/passkey/").json()["publicKey"]
    page = comer.get("/sign-in/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token
    posted = {"csrfmiddlewaretoken": token[1], "credential": said}
    answer = comer.post("/sign-in/passkey/", posted, HTTP_ORIGIN="https://testserver")
    assert answer.status_code == 422
    assert not comer.is_somebody()
