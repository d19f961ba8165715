"""Coming in by an invitation: whether it still counts, for whom, and the verb for a relative (C5, V4)."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account, blocked_pairs
from alongside.families.invitation import Invitation, InvitationOver, InvitationQuerySet
from alongside.families.models import Family, InvitationYes, Parent, ParentQuerySet, Relative


class AlreadyHere(Exception):
    """They hold the box, or look at it, already: the invitation is left for somebody else."""


def that_stand(now: datetime) -> InvitationQuerySet:
    """Return the open invitations whose maker is a parent there still; some wait for the other parents' yes."""
    maker = Parent.objects.current().filter(family=models.OuterRef("family"), account=models.OuterRef("made_by"))
    return Invitation.objects.open(now).filter(models.Exists(maker))


def that_count(now: datetime) -> InvitationQuerySet:
    """Return those that let somebody in now: for another parent, when every current parent has said yes (C1)."""
    return that_stand(now).exclude(models.Q(role=Invitation.Role.PARENT) & models.Exists(_who_is_asked()))


def waits_for(family: Family, account: uuid.UUID | None, now: datetime) -> InvitationQuerySet:
    """Return the invitations of a family that need this account's yes."""
    asked = models.Exists(_who_is_asked().filter(account=account))
    return that_stand(now).filter(asked, family=family, role=Invitation.Role.PARENT)


def _who_is_asked() -> ParentQuerySet:
    """Return the current parents who did not make an invitation, and have not said yes to it."""
    here = Parent.objects.current().filter(family=models.OuterRef("family"))
    yes = InvitationYes.objects.filter(invitation=models.OuterRef(models.OuterRef("pk")), parent=models.OuterRef("pk"))
    return here.exclude(account=models.OuterRef("made_by")).exclude(models.Exists(yes))


def waiting_for(invitation: Invitation) -> list[Parent]:
    """Return the parents whose yes an invitation for another parent waits for."""
    if invitation.role != Invitation.Role.PARENT:
        return []
    yes = invitation.yeses.values("parent")
    others = invitation.family.parents.current().exclude(account=invitation.made_by_id).exclude(pk__in=yes)
    return list(others.select_related("account__profile").order_by("joined_at", "pk"))


def find(pk: uuid.UUID, now: datetime) -> Invitation | None:
    """Return the invitation if it stands. All that is wrong with one looks alike (V6)."""
    return that_stand(now).select_related("family", "made_by__profile").filter(pk=pk).first()


def may_meet(family: Family, account: Account | None) -> bool:
    """Whether no block stands between an account and any parent of a family (V4); between a guest and them none does."""
    if account is None:
        return True
    return not family.parents.current().filter(account__in=blocked_pairs(account.pk)).exists()


def opens(invitation: Invitation, code: str, account: Account | None, now: datetime) -> bool:
    """Whether a code opens an invitation to this account or guest. Raise InvitationOver.

    Behind a block the right code is a wrong one, in its words and in what it costs: nobody learns of a block (V4).
    """
    return invitation.opens_with(code, now, meets=may_meet(invitation.family, account))


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
) -> tuple[Invitation, str, bool]:
    """Invite; a second sending of the same page takes the first one's place. Return also whether there was a first.

    ``page_from`` is when the page that was filled in was made. Raise NotAParent.
    """
    Family.objects.select_for_update().get(pk=family.pk)
    family.parent(by)
    since = family.invitations.filter(made_by=by, role=role, made_at__gte=page_from, accepted_at=None)
    twins = [twin for twin in since.filter(taken_back_at=None) if twin.name == name.strip()]
    for twin in twins:
        twin.take_back(by, now)
    return *family.invite(by, role, name=name, now=now), bool(twins)
