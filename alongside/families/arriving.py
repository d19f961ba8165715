"""Coming in by an invitation: whether it still counts, for whom, and the verb for a relative (C5, V4)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account, blocked_pairs
from alongside.families.invitation import Invitation, InvitationOver, InvitationQuerySet
from alongside.families.models import Family, Parent, Relative


class AlreadyHere(Exception):
    """They hold the box, or look at it, already: the invitation is left for somebody else."""


def that_count(now: datetime) -> InvitationQuerySet:
    """Return the invitations that still let somebody in: open, and whoever made them is a parent there still."""
    maker = Parent.objects.current().filter(family=models.OuterRef("family"), account=models.OuterRef("made_by"))
    return Invitation.objects.open(now).filter(models.Exists(maker))


def find(pk: uuid.UUID, account: Account | None, now: datetime) -> Invitation | None:
    """Return the invitation if it counts for this account or guest. All that is wrong with one looks alike (V6)."""
    found = that_count(now).select_related("family", "made_by__profile").filter(pk=pk).first()
    return found if found and (account is None or may_meet(found.family, account)) else None


def may_meet(family: Family, account: Account) -> bool:
    """Whether no block stands between an account and any parent of a family (V4)."""
    return not family.parents.current().filter(account__in=blocked_pairs(account.pk)).exists()


def use(invitation: Invitation, by: Account, now: datetime) -> Family:
    """Lock the family and use the invitation up for ``by``. Raise InvitationOver, AlreadyHere. In a transaction."""
    family = Family.objects.select_for_update().get(pk=invitation.family_id)
    # Asked again under the lock: whoever made it may have left meanwhile, or somebody may have been faster.
    if not that_count(now).filter(pk=invitation.pk).exists() or not may_meet(family, by):
        raise InvitationOver(ids.show(invitation.pk))
    if family.parents.current().filter(account=by).exists():
        raise AlreadyHere(ids.show(family.pk))
    if invitation.role == Invitation.Role.RELATIVE and family.relatives.current().filter(account=by).exists():
        raise AlreadyHere(ids.show(family.pk))
    invitation.use(by, now)
    return family


@transaction.atomic
def look_with(invitation: Invitation, by: Account, now: datetime) -> Relative:
    """Come in as a relative. Raise InvitationOver, AlreadyHere."""
    return use(invitation, by, now).accept_relative(by, now)


@transaction.atomic
def invite_once(
    family: Family, by: Account, role: str, *, name: str, page_from: datetime, now: datetime
) -> tuple[Invitation, str]:
    """Invite; a second sending of the same page takes the first one's place, whose code nobody has seen.

    ``page_from`` is when the page that was filled in was made. Raise NotAParent.
    """
    Family.objects.select_for_update().get(pk=family.pk)
    family.parent(by)
    since = family.invitations.filter(made_by=by, role=role, made_at__gte=page_from, accepted_at=None)
    for twin in since.filter(taken_back_at=None):
        if twin.name == name.strip():
            twin.take_back(by, now)
    return family.invite(by, role, name=name, now=now)
