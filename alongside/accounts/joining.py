"""How people join here: by themselves, with an invitation, or with a host's yes (ALONGSIDE_JOINING)."""

from __future__ import annotations

import time
import uuid
from collections.abc import MutableMapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from alongside.accounts.models import AGE, KEEPING, Account, UsedInvitation, Welcome, agree
from alongside.database.viewer import acting_for

WORDING = "1"
"""The version of the words beside the boxes on the page where somebody joins, and on /you/agreed/."""
_WELCOME, _INVITED, _BY = "welcome", "invited_until", "invited_by"
_AN_HOUR = 3600

Session = MutableMapping[str, Any]


class ByInvitation(Exception):
    """Joining here takes an invitation, and this person has none that counts."""


def invited(session: Session, invitation: uuid.UUID | None = None) -> None:
    """Note that this browser showed link and code of an invitation that lets somebody join.

    For any package that invites (a family does): call it once the code was right; it counts for an hour, and where the
    invitation is named, for one account.
    """
    session[_INVITED] = time.time() + _AN_HOUR
    session[_BY] = str(invitation or "")


def forget(session: Session) -> None:
    """Let go of every invitation to join: whoever is signed in needs none, and whoever comes after has their own."""
    for key in (_WELCOME, _INVITED, _BY):
        session.pop(key, None)


def welcomed(session: Session, welcome: Welcome) -> None:
    """Note that this browser showed link and code of a host's welcome; it is used up when they join."""
    session[_WELCOME] = str(welcome.pk)


def may_join(session: Session) -> bool:
    """Whether the page for joining is open to this browser."""
    return settings.JOINING != "invitation" or _WELCOME in session or _is_invited(session)


@transaction.atomic
def join(session: Session, email: str, *, name: str, keeping: bool, now: datetime) -> Account:
    """Make the account, with what they agreed to. Raise ByInvitation.

    A host's welcome is a host's yes; any other way in waits for one where the steward asks for it.
    """
    was_welcomed = _use_welcome(session, now)
    if settings.JOINING == "invitation" and not (was_welcomed or _use_invitation(session, now)):
        raise ByInvitation
    waits = settings.JOINING == "host" and not was_welcomed
    account = Account.objects.join(email, name=name, now=now, waits=waits)
    with acting_for(account.pk):
        agree(account, AGE, str(settings.AGE), now)
        if keeping:
            agree(account, KEEPING, WORDING, now)
    return account


def _is_invited(session: Session) -> bool:
    until = session.get(_INVITED)
    return isinstance(until, int | float) and time.time() < until


def _use_invitation(session: Session, now: datetime) -> bool:
    by = session.get(_BY)
    return _is_invited(session) and (not by or UsedInvitation.use(uuid.UUID(by), now))


def _use_welcome(session: Session, now: datetime) -> bool:
    shown = session.pop(_WELCOME, None)
    welcome = Welcome.objects.filter(pk=uuid.UUID(shown)).first() if shown else None
    return welcome is not None and welcome.use(now)
