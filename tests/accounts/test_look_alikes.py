"""Addresses that look like another's, or that a database takes for it, are nobody's (V6, S23)."""

from __future__ import annotations

import pytest
from django.core import mail

from alongside.accounts import addresses, hosts
from alongside.accounts.models import Account, change_address
from tests.accounts.conftest import Newest
from tests.accounts.test_coming_in import Comer
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
LOOK_ALIKES = ["mıke.sk@gmail.com", "mike.ſk@gmail.com", "mİke.sk@gmail.com", "mi\u212ae.sk@gmail.com"]


@pytest.fixture
def mike(db: None) -> Account:
    return Account.objects.join("mike.sk@gmail.com", name="Mike", now=NOW)


@pytest.mark.parametrize("typed", LOOK_ALIKES)
def test_s23_a_look_alike_before_the_at_is_refused_kindly_and_finds_nobody(mike: Account, typed: str) -> None:
    answer = Comer().asks(typed)
    assert answer.status_code == 422
    assert "plain letters (a to z) before the @" in answer.content.decode()
    assert mail.outbox == []
    assert Account.objects.written_to(typed) is None
    with pytest.raises(Account.DoesNotExist):
        Account.objects.get_by_natural_key(typed)
    with pytest.raises(hosts.NobodyThere):
        hosts.add(typed, steward=True, now=NOW)
    with pytest.raises(addresses.NotPlain):
        Account.objects.join(typed, name="Another", now=NOW)


def test_s23_a_look_alike_domain_is_another_domain_and_opens_nothing(mike: Account, newest: Newest) -> None:
    comer = Comer()
    assert comer.asks("mike.sk@gmaıl.com").status_code == 302
    to = "mike.sk@xn--gmal-nza.com"
    assert comer.fill("/sign-in/code/", {"code": newest(to)})["Location"] == "/join/about-you/", "nobody has it yet"
    assert not comer.is_somebody()


def test_s23_nobody_changes_their_address_to_a_look_alike(cast: Cast, mike: Account) -> None:
    with pytest.raises(addresses.NotPlain):
        change_address(cast.mara, LOOK_ALIKES[0], NOW)
    change_address(cast.mara, "mike.sk@gmaıl.com", NOW)
    assert Account.objects.get_by_natural_key("MIKE.SK@gmail.com") == mike


def test_the_letters_that_were_folded_before_make_no_address_twice(db: None) -> None:
    assert addresses.written(" Ruth@Bücher.example ") == "Ruth@xn--bcher-kva.example"
    for odd in ("no-at", "a@", "a@evil＠gmail.com", "@b.example"):
        with pytest.raises(addresses.NotPlain):
            addresses.written(odd)
