"""Joining and signing in, on a phone: by code, by passkey, with a second step, with a lost device (V6, S22-S24)."""

from __future__ import annotations

import dataclasses
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import CDPSession, expect

from tests.journeys.visitor import Demo, Visitor

Arrive = Callable[..., Visitor]


def fresh_address() -> str:
    return f"somebody-{secrets.token_hex(4)}@example.org"


def newest_code(visitor: Visitor, address: str) -> str:
    """Look into the demonstration's mail for the newest code to an address."""
    page = visitor.context.new_page()
    page.goto(f"{visitor.demo.address}/demo/mail/")
    mail = page.locator("section", has_text=address).first
    code = mail.locator("output").inner_text()
    page.close()
    return code


def asks_for_code(visitor: Visitor, address: str, way: str = "/sign-in/") -> None:
    visitor.go(way).page.get_by_label("Your email address").fill(address)
    visitor.press("Send me a code")
    visitor.page.get_by_label("The code").fill(newest_code(visitor, address))
    visitor.press("Go on")


def joins(visitor: Visitor, address: str, name: str = "Noor") -> None:
    asks_for_code(visitor, address, "/join/")
    visitor.page.get_by_label("What shall we call you here?").fill(name)
    visitor.page.get_by_label("I am 18 or older").check()
    visitor.page.get_by_label("Yes, keep what I write here").check()
    visitor.press("Make my place")
    assert visitor.path == "/you/"


def at_localhost(demo: Demo) -> Demo:
    """The same place under the name that passkeys need."""
    return dataclasses.replace(demo, address=demo.address.replace("127.0.0.1", "localhost"))


@pytest.fixture
def comes(arrive: Arrive, demo: Demo) -> Callable[[], Visitor]:
    """Let somebody come with a phone to the name that passkeys need."""

    def come() -> Visitor:
        visitor = arrive()
        visitor.demo = at_localhost(demo)
        return visitor

    return come


def with_keys(visitor: Visitor) -> CDPSession:
    """Give a visitor's phone something that makes and keeps passkeys."""
    phone = visitor.context.new_cdp_session(visitor.page)
    phone.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return phone


def adds_passkey(visitor: Visitor) -> None:
    visitor.go("/you/keys/").follow("Add a passkey").press("Add it")
    visitor.page.wait_for_url("**/you/keys/recovery/")


def signs_out(visitor: Visitor) -> None:
    visitor.go("/you/").press("Sign out")


def digits(secret: str, steps: int = 0) -> str:
    """What an authenticator shows; one step later it is still taken, and the same digits never are twice."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def sets_up_authenticator(visitor: Visitor) -> str:
    visitor.go("/you/keys/").follow("Set up an authenticator")
    expect(visitor.page.get_by_alt_text("A square that the app’s camera reads")).to_be_visible()
    link = visitor.page.get_by_role("link", name="Open it in the app on this phone").get_attribute("href")
    secret = re.search(r"secret=([A-Z2-7]+)", str(link))
    assert secret
    assert visitor.page.evaluate("document.querySelector('main img').naturalWidth") > 0
    visitor.page.get_by_label("The six digits it shows now").fill(digits(secret[1]))
    visitor.press("Use it from now on")
    assert visitor.heading == "Recovery codes"
    return secret[1]


def test_joining_by_code_and_coming_back(visitor: Visitor) -> None:
    address = fresh_address()
    joins(visitor, address)
    expect(visitor.page.get_by_text("Here you are Noor")).to_be_visible()
    assert visitor.fits() == []
    signs_out(visitor)
    visitor.go("/you/")
    assert visitor.heading == "Sign in"
    asks_for_code(visitor, address)
    assert visitor.path == "/you/"


def test_h5_who_is_too_young_is_told_kindly_and_keeps_what_she_typed(visitor: Visitor) -> None:
    asks_for_code(visitor, fresh_address(), "/join/")
    visitor.page.get_by_label("What shall we call you here?").fill("Noor")
    visitor.press("Make my place")
    expect(visitor.page.get_by_role("alert")).to_contain_text("18 or older")
    expect(visitor.page.get_by_label("What shall we call you here?")).to_have_value("Noor")


def test_s23_a_wrong_code_and_then_the_right_one(visitor: Visitor) -> None:
    address = fresh_address()
    visitor.go("/sign-in/").page.get_by_label("Your email address").fill(address)
    visitor.press("Send me a code")
    right = newest_code(visitor, address)
    visitor.page.get_by_label("The code").fill("1111 1111")
    visitor.press("Go on")
    expect(visitor.page.get_by_role("alert")).to_contain_text("That isn’t the code")
    visitor.page.get_by_label("The code").fill(right)
    visitor.press("Go on")
    assert visitor.path == "/join/about-you/"


def test_s22_a_passkey_is_added_and_opens_the_door_without_mail(comes: Callable[[], Visitor]) -> None:
    visitor = comes()
    with_keys(visitor)
    joins(visitor, fresh_address())
    adds_passkey(visitor)
    signs_out(visitor)
    visitor.go("/sign-in/").press("Use a passkey")
    visitor.page.wait_for_url("**/you/")
    expect(visitor.page.get_by_text("Here you are Noor")).to_be_visible()


def test_s22_a_host_uses_an_authenticator_before_hosts_pages_open(arrive: Arrive, demo: Demo) -> None:
    visitor = arrive()
    asks_for_code(visitor, "dami@example.org")
    assert visitor.path == "/you/keys/"
    expect(visitor.page.get_by_text("Hosts’ pages open once you have set up a key.")).to_be_visible()
    visitor.go("/host/joining/")
    assert visitor.path == "/you/keys/"
    secret = sets_up_authenticator(visitor)
    visitor.go("/host/joining/")
    assert visitor.heading == "Waiting to join"
    another = arrive()
    asks_for_code(another, "dami@example.org")
    assert another.path == "/sign-in/second/"
    another.page.get_by_label("The digits, or a recovery code").fill(digits(secret, 1))
    another.press("Go on")
    another.go("/host/joining/")
    assert another.heading == "Waiting to join"


def test_a_lost_phone_and_a_mailed_code(comes: Callable[[], Visitor]) -> None:
    address, lost = fresh_address(), comes()
    phone = with_keys(lost)
    joins(lost, address)
    adds_passkey(lost)
    new = comes()
    asks_for_code(new, address)
    assert new.path == "/you/", "nobody is locked out"
    new.go("/you/keys/").press("I’ve lost it")
    expect(new.page.get_by_text("unless it is used before")).to_be_visible()
    new.go("/you/sign-ins/").press("This wasn’t me")
    lost.go("/you/")
    assert lost.heading == "Sign in", "the lost phone is signed out at once"
    lost.press("Use a passkey")
    lost.page.wait_for_url("**/you/")
    new.go("/you/keys/")
    expect(new.page.get_by_text("unless it is used before")).to_have_count(0)
    phone.detach()


def test_a_lost_phone_a_recovery_code_and_the_lost_passkey_is_taken_away(comes: Callable[[], Visitor]) -> None:
    address, lost = fresh_address(), comes()
    phone = with_keys(lost)
    joins(lost, address)
    adds_passkey(lost)
    code = lost.page.locator("ul.well li").first.inner_text()
    new = comes()
    asks_for_code(new, address)
    new.go("/you/keys/").follow("Use a key or a recovery code")
    new.page.get_by_label("One of your recovery codes").fill(code)
    new.press("Go on")
    new.press("Take it away")
    expect(new.page.get_by_text("Added")).to_have_count(0)
    lost.go("/you/")
    assert lost.heading == "Sign in", "the lost phone is signed out at once"
    lost.press("Use a passkey")
    expect(lost.page.get_by_role("alert")).to_contain_text("A code by email always does")
    phone.detach()


def test_a_lost_authenticator_and_a_recovery_code(arrive: Arrive) -> None:
    address, visitor = fresh_address(), arrive()
    joins(visitor, address)
    sets_up_authenticator(visitor)
    code = visitor.page.locator("ul.well li").first.inner_text()
    another = arrive()
    asks_for_code(another, address)
    another.page.get_by_label("The digits, or a recovery code").fill(code)
    another.press("Go on")
    assert another.path == "/you/"
    another.go("/you/keys/").press("Take it away")
    expect(another.page.get_by_role("link", name="Set up an authenticator")).to_be_visible()


def test_s24_this_was_not_me(arrive: Arrive) -> None:
    address, mine, theirs = fresh_address(), arrive(), arrive()
    joins(mine, address)
    asks_for_code(theirs, address)
    mine.go("/you/sign-ins/").press("This wasn’t me")
    expect(mine.page.get_by_role("button", name="This wasn’t me")).to_have_count(0)
    theirs.go("/you/")
    assert theirs.heading == "Sign in"
    mine.go("/you/")
    assert mine.heading == "You"


def test_t1_an_hour_later_a_mailed_code_is_asked_before_the_address_changes(visitor: Visitor) -> None:
    address, other = fresh_address(), fresh_address()
    joins(visitor, address)
    visitor.go("/you/again/?next=/you/address/").press("Send me a code")
    visitor.page.get_by_label("The code we have sent you").fill(newest_code(visitor, address))
    visitor.press("Go on")
    visitor.page.get_by_label("Your new email address").fill(other)
    visitor.press("Send a code there")
    visitor.page.get_by_label("The code", exact=True).fill(newest_code(visitor, other))
    visitor.press("Use this address")
    expect(visitor.page.get_by_text(other)).to_be_visible()
    visitor.go("/demo/mail/")
    expect(visitor.page.locator("section", has_text=address).first).to_contain_text("A note from Alongside")
