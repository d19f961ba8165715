"""Coming in by a mailed code, and joining: V6, H5, S23, S24."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from pytest_django import Settings

from alongside.accounts import joining
from alongside.accounts.models import AGE, KEEPING, Account, Code, SignIn, may_keep
from alongside.database.viewer import acting_for
from tests.accounts.conftest import Newest
from tests.cast import NOW, Cast
from tests.home.browser import Browser

pytestmark = pytest.mark.django_db


class Comer(Browser):
    """A browser that fills forms in as people do: with the page's own token."""

    def fill(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        page = self.get(path, **more).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page
        return self.post(
            path, {"csrfmiddlewaretoken": token[1], **(data or {})}, HTTP_ORIGIN="https://testserver", **more
        )

    def asks(self, address: str, way: str = "/sign-in/", **more: Any) -> Any:
        return self.fill(way, {"email": address}, **more)

    def is_somebody(self) -> bool:
        return bool(self.get("/you/").status_code == 200)


def comes_in(address: str, newest: Newest, **more: Any) -> Comer:
    """Let somebody who has a place come in with a mailed code."""
    comer = Comer(checks_tokens=True)
    assert comer.asks(address, **more).status_code == 302
    assert comer.fill("/sign-in/code/", {"code": newest(address)}, **more)["Location"] == "/you/"
    return comer


def test_a_mailed_code_opens_the_door_once(cast: Cast, newest: Newest) -> None:
    comer = comes_in("mara@example.org", newest)
    assert comer.is_somebody()
    other = Comer()
    other.asks("MARA@example.org")
    used = newest("MARA@example.org")
    assert other.fill("/sign-in/code/", {"code": used})["Location"] == "/you/"
    code = Code.objects.order_by("-made_at").first()
    assert code is not None
    assert not code.guess(used, code.made_at), "single use"


def test_somebody_new_joins_and_says_what_is_asked(db: None, newest: Newest) -> None:
    comer = Comer()
    assert comer.asks("new@example.org", "/join/")["Location"] == "/sign-in/code/"
    assert comer.fill("/sign-in/code/", {"code": newest("new@example.org")})["Location"] == "/join/about-you/"
    assert not Account.objects.exists(), "nothing is made before they say so"
    answer = comer.fill("/join/about-you/", {"name": "Noor", "old_enough": "on", "keeping": "on"})
    assert answer["Location"] == "/you/"
    account = Account.objects.get()
    assert account.profile.name == "Noor"
    assert account.admitted_at is not None
    with acting_for(account.pk):
        assert {(one.purpose, one.wording) for one in account.agreements.all()} == {(AGE, "18"), (KEEPING, "1")}
    assert comer.is_somebody()


def test_h5_nobody_who_does_not_say_they_are_old_enough_joins(db: None, newest: Newest, settings: Settings) -> None:
    settings.AGE = 21
    comer = Comer()
    comer.asks("young@example.org", "/join/")
    comer.fill("/sign-in/code/", {"code": newest("young@example.org")})
    answer = comer.fill("/join/about-you/", {"name": "Noor", "keeping": "on"})
    assert answer.status_code == 422
    assert "21 or older" in answer.content.decode()
    assert not Account.objects.exists()


def test_h5_without_a_yes_to_keeping_one_joins_and_nothing_is_kept(db: None, newest: Newest) -> None:
    comer = Comer()
    comer.asks("new@example.org", "/join/")
    comer.fill("/sign-in/code/", {"code": newest("new@example.org")})
    comer.fill("/join/about-you/", {"name": "Noor", "old_enough": "on"})
    account = Account.objects.get()
    with acting_for(account.pk):
        assert not may_keep(account)
    comer.fill("/you/agreed/", {"keeping": "yes"})
    with acting_for(account.pk):
        assert may_keep(account)
    comer.fill("/you/agreed/", {"keeping": "no"})
    with acting_for(account.pk):
        assert not may_keep(account)
        assert account.agreements.filter(purpose=KEEPING, revoked_at__isnull=False).count() == 1


def without_tokens(page: bytes) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page.decode())


@pytest.mark.parametrize("way", ["/sign-in/", "/join/"])
def test_v6_a_known_and_an_unknown_address_are_answered_byte_for_byte_alike(cast: Cast, way: str) -> None:
    answers = []
    for address in ("mara@example.org", "nada@example.org"):
        comer = Comer()
        asked = comer.asks(address, way)
        page = comer.get("/sign-in/code/")
        wrong = comer.fill("/sign-in/code/", {"code": "0000 0000"})
        answers.append(
            (
                asked.status_code,
                asked["Location"],
                sorted(asked.cookies),
                *(without_tokens(one.content).replace(address, "") for one in (asked, page, wrong)),
            )
        )
    assert answers[0] == answers[1]
    first, second = mail.outbox
    assert (first.subject, re.sub(r"\d", "", str(first.body))) == (second.subject, re.sub(r"\d", "", str(second.body)))


def test_s23_a_code_has_five_tries_and_ten_minutes(cast: Cast, newest: Newest) -> None:
    comer = Comer()
    comer.asks("mara@example.org")
    for _ in range(5):
        comer.fill("/sign-in/code/", {"code": "00000000"})
    assert comer.fill("/sign-in/code/", {"code": newest("mara@example.org")}).status_code == 422
    code = Code.objects.get()
    assert code.tries == 5
    assert code.is_over(code.made_at)


def test_s23_guessing_from_fifty_places_is_slow_and_never_locks_the_owner_out(cast: Cast, newest: Newest) -> None:
    tried = 0
    for place in range(50):
        peer = {"REMOTE_ADDR": f"198.51.100.{place}"}
        comer = Comer()
        for _ in range(3):
            if comer.asks("mara@example.org", **peer).status_code != 302:
                continue
            for _ in range(6):
                comer.fill("/sign-in/code/", {"code": "0000 0000"}, **peer)
    tried = sum(Code.objects.values_list("tries", flat=True))
    assert tried <= 66, "60 an hour, overrun by no more than a tenth"
    comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.7")


def test_s23_codes_are_not_readable_in_the_database(cast: Cast, newest: Newest) -> None:
    Comer().asks("mara@example.org")
    code = Code.objects.get()
    digits = newest("mara@example.org").replace(" ", "")
    assert digits.encode() not in bytes(code.code_hash)
    assert digits not in str(vars(code))


def test_s24_a_session_gets_a_new_key_at_signing_in(cast: Cast, newest: Newest) -> None:
    comer = Comer()
    comer.asks("mara@example.org")
    before = comer.session.session_key
    comer.fill("/sign-in/code/", {"code": newest("mara@example.org")})
    assert comer.session.session_key != before


def test_s24_this_was_not_me_ends_that_sign_in_at_once(cast: Cast, newest: Newest) -> None:
    phone = comes_in("mara@example.org", newest, HTTP_USER_AGENT="Mozilla/5.0 (Android 14) Firefox/140.0")
    laptop = comes_in("mara@example.org", newest, REMOTE_ADDR="203.0.113.9")
    page = laptop.get("/you/sign-ins/").content.decode()
    assert "Firefox, Android" in page
    assert "203.0.113" not in page
    token = re.search(r'name="this" value="([\w-]+)"', page)
    assert token
    laptop.fill("/you/sign-ins/", {"this": token[1]})
    assert not phone.is_somebody()
    assert laptop.is_somebody()


def test_s24_all_others_end_together_and_nobody_elses(cast: Cast, newest: Newest) -> None:
    mine = [comes_in("mara@example.org", newest, REMOTE_ADDR=f"203.0.113.{n}") for n in range(3)]
    hers = comes_in("ruth@example.org", newest)
    mine[0].fill("/you/sign-ins/", {"others": "1"})
    assert [one.is_somebody() for one in mine] == [True, False, False]
    assert hers.is_somebody()
    assert SignIn.objects.filter(account=cast.ruth).count() == 1


def test_nothing_of_another_place_is_followed_after_signing_in(cast: Cast, newest: Newest) -> None:
    for there, to in (("//evil.example/", "/you/"), ("https://evil.example/", "/you/"), ("/read/", "/read/")):
        comer = Comer()
        comer.fill("/sign-in/", {"email": "ruth@example.org", "next": there}, REMOTE_ADDR=f"192.0.2.{len(to)}")
        answer = comer.fill("/sign-in/code/", {"code": newest("ruth@example.org")})
        assert answer["Location"] == to


def test_without_mail_the_page_says_so_kindly(cast: Cast, settings: Settings) -> None:
    settings.MAIL_READY = False
    answer = Comer().asks("mara@example.org")
    assert answer.status_code == 422
    assert "Mail is not set up here yet" in answer.content.decode()
    assert not Code.objects.exists()
    settings.MAIL_READY = True
    assert Comer().asks("mara@example.org").status_code == 302, "nothing was counted against her"


def test_s44_no_network_address_of_who_comes_in_is_kept_anywhere(cast: Cast, newest: Newest) -> None:
    peer = "203.0.113.77"
    mara = comes_in("mara@example.org", newest, REMOTE_ADDR=peer, HTTP_USER_AGENT="Mozilla/5.0 (X11) Firefox/140.0")
    mara.get("/sign-in/passkey/", REMOTE_ADDR=peer)
    mara.get("/you/keys/authenticator/", REMOTE_ADDR=peer)
    mara.fill("/you/keys/authenticator/", {"code": "000000"}, REMOTE_ADDR=peer)
    held = str([one.get_decoded() for one in Session.objects.all()])
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT coalesce(string_agg(t::text, chr(10)), $$$$) FROM "{table}" t')
            held += str(cursor.fetchone()[0])
    assert "mara@example.org" in held, "this looks at what is kept"
    for form in (peer, peer.encode().hex(), b64encode(peer.encode()).decode(), sha256(peer.encode()).hexdigest()):
        assert form not in held


def test_s24_on_a_device_that_others_use_half_an_hour_without_a_page_signs_out(cast: Cast, newest: Newest) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        comer = Comer()
        comer.asks("mara@example.org")
        said = {"code": newest("mara@example.org"), "shared": "on"}
        assert comer.fill("/sign-in/code/", said)["Location"] == "/you/"
        for _ in range(4):
            clock.shift(20 * 60)
            assert comer.is_somebody(), "every page counts anew"
        clock.shift(31 * 60)
        assert not comer.is_somebody()


def test_s24_on_ones_own_device_one_stays_signed_in_for_weeks(cast: Cast, newest: Newest) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        comer = comes_in("mara@example.org", newest)
        clock.shift(59 * 24 * 3600)
        assert comer.is_somebody()
        clock.shift(2 * 24 * 3600)
        assert not comer.is_somebody()


def test_s37_the_same_form_sent_twice_makes_one_place(
    db: None, newest: Newest, monkeypatch: pytest.MonkeyPatch
) -> None:
    comer = Comer()
    comer.asks("new@example.org", "/join/")
    comer.fill("/sign-in/code/", {"code": newest("new@example.org")})
    join = joining.join

    def somebody_was_faster(*said: Any, **more: Any) -> Account:
        Account.objects.join("NEW@example.org", name="Noor", now=NOW)
        return join(*said, **more)

    monkeypatch.setattr(joining, "join", somebody_was_faster)
    answer = comer.fill("/join/about-you/", {"name": "Noor", "old_enough": "on"})
    assert answer["Location"] == "/you/"
    assert Account.objects.count() == 1
    assert comer.is_somebody()
