"""How people join where a steward asks for an invitation or a host's yes."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from alongside.accounts import joining
from alongside.accounts.models import Account, Welcome
from alongside.accounts.signing.views import BY_PASSKEY
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import Comer, comes_in
from tests.accounts.test_keys import comes_in_host, sets_up
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ABOUT = {"name": "Noor", "old_enough": "on", "keeping": "on"}


def arrives(comer: Comer, newest: Newest, address: str = "noor@example.org") -> str:
    comer.asks(address, "/join/")
    comer.fill("/sign-in/code/", {"code": newest(address)})
    page = comer.get("/join/about-you/").content.decode()
    if "takes an invitation" in page:
        return "closed"
    return str(comer.fill("/join/about-you/", ABOUT)["Location"])


def welcome(newest: Newest) -> tuple[str, str]:
    """Let Dami make a link and a code."""
    dami = comes_in_host("dami@example.org", newest)
    sets_up(dami)
    page = dami.fill("/host/joining/", {"welcome": "1"}).content.decode()
    link = re.search(r"https://testserver(/join/with/[\w-]{22}/)", page)
    code = re.search(r">(\d{4} \d{4})<", page)
    assert link
    assert code
    assert code[1] not in dami.get("/host/joining/").content.decode(), "shown once"
    return link[1], code[1]


def test_by_invitation_nobody_else_joins_and_nothing_is_made(cast: Cast, newest: Newest, settings: Settings) -> None:
    settings.JOINING = "invitation"
    assert arrives(Comer(), newest) == "closed"
    assert not Account.objects.filter(email="noor@example.org").exists()
    with pytest.raises(joining.ByInvitation):
        joining.join({}, "x@example.org", name="X", keeping=False, now=timezone.now())


def test_a_hosts_link_and_code_let_one_person_in(cast: Cast, newest: Newest, settings: Settings) -> None:
    settings.JOINING = "invitation"
    link, code = welcome(newest)
    noor = Comer()
    assert noor.fill(link, {"code": "0000 0000"}).status_code == 422
    assert noor.fill(link, {"code": code})["Location"] == "/join/"
    assert arrives(noor, newest) == "/you/"
    assert arrives(Comer(), newest, "other@example.org") == "closed"
    assert Comer().fill(link, {"code": code}).status_code == 422, "used up"


def test_a_welcome_runs_out(cast: Cast) -> None:
    now = timezone.now()
    made, code = Welcome.make(cast.dami, now)
    assert made.opens_with(code, now + timedelta(days=13))
    assert not made.opens_with(code, now + timedelta(days=15))
    for _ in range(20):
        assert not made.opens_with("0000", now)
    assert not made.opens_with(code, now), "tried too often"


def test_a_familys_invitation_counts_for_an_hour(db: None, settings: Settings) -> None:
    settings.JOINING = "invitation"
    session: dict[str, object] = {}
    joining.invited(session)
    assert joining.may_join(session)
    session["invited_until"] = float(str(session["invited_until"])) - 3601
    assert not joining.may_join(session)


def test_where_a_host_says_yes_a_newcomer_waits_with_her_own_things(
    cast: Cast, newest: Newest, settings: Settings
) -> None:
    settings.JOINING = "host"
    noor = Comer()
    assert arrives(noor, newest) == "/you/"
    account = Account.objects.get(email="noor@example.org")
    assert account.admitted_at is None
    assert "A host hasn’t said hello yet" in noor.get("/you/").content.decode()
    dami = comes_in_host("dami@example.org", newest)
    sets_up(dami)
    page = dami.get("/host/joining/").content.decode()
    assert "Noor" in page
    assert "noor@example.org" not in page, "a host sees the chosen name and the day alone"
    who = re.search(r'name="who" value="([\w-]{22})"', page)
    assert who
    dami.fill("/host/joining/", {"who": who[1], "do": "not-now"})
    assert Account.objects.get(pk=account.pk).admitted_at is None
    dami.fill("/host/joining/", {"who": who[1], "do": "let-in"})
    assert Account.objects.get(pk=account.pk).admitted_at is not None
    assert "Noor" not in dami.get("/host/joining/").content.decode()


def test_a_hosts_welcome_is_a_hosts_yes(cast: Cast, newest: Newest, settings: Settings) -> None:
    settings.JOINING = "host"
    link, code = welcome(newest)
    noor = Comer()
    noor.fill(link, {"code": code})
    arrives(noor, newest)
    assert Account.objects.get(email="noor@example.org").admitted_at is not None


def test_a_familys_invitation_opens_joining_once(db: None, settings: Settings) -> None:
    settings.JOINING = "invitation"
    one, other = uuid.uuid4(), uuid.uuid4()
    for invitation, address, joins in ((one, "a@x.example", 1), (one, "b@x.example", 0), (other, "c@x.example", 1)):
        session: dict[str, object] = {}
        joining.invited(session, invitation)
        if joins:
            joining.join(session, address, name="X", keeping=False, now=timezone.now())
        else:
            with pytest.raises(joining.ByInvitation):
                joining.join(session, address, name="X", keeping=False, now=timezone.now())
    assert Account.objects.count() == 2


def test_who_signs_in_leaves_no_invitation_behind(cast: Cast, newest: Newest) -> None:
    comer = Comer()
    comer.get("/sign-in/")
    comer.asks("mara@example.org")
    session = comer.session
    joining.invited(session, uuid.uuid4())
    session.save()
    comer.fill("/sign-in/code/", {"code": newest("mara@example.org")})
    assert comer.is_somebody()
    assert not any(key.startswith("invited") for key in comer.session.keys())  # noqa: SIM118 - no mapping


def test_s23_codes_to_a_new_address_come_slowly_whoever_asks(cast: Cast, newest: Newest) -> None:
    sent = 0
    for number, name in enumerate(("mara", "ruth", "piotr")):
        comer = comes_in(f"{name}@example.org", newest, REMOTE_ADDR=f"203.0.113.{number}")
        for _ in range(4):
            sent += comer.fill("/you/address/", {"email": "poor@example.net"}).status_code == 302
    assert sent == 4


def test_s23_signing_in_by_passkey_is_paced_apart_and_makes_no_sessions_without_end(db: None) -> None:
    for _ in range(90):
        Comer().get("/sign-in/passkey/")
    assert Session.objects.count() <= BY_PASSKEY.size
    assert Comer().get("/sign-in/passkey/").status_code == 429
    assert Comer().asks("mara@example.org").status_code == 302
