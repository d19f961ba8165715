"""Link: one named person may read one story, by a link and a code sent apart; every parent's yes to it; its devices (V2, C2)."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models, transaction

from alongside import ids
from alongside.accounts.models import Account
from alongside.families import apart
from alongside.families.models import Parent, ParentQuerySet
from alongside.stories.models.story import Story
from alongside.vault.fields import SealedField, SealedText

MOST_DEVICES = 6
"""Devices of one link; a link is for one person. With one more, the one bound first has to type the code again."""


class LinkOver(Exception):
    """It was taken back, or has run out."""


class LinkQuerySet(models.QuerySet["Link"]):
    """Which links."""

    def live(self, now: datetime) -> LinkQuerySet:
        """Those that were not taken back and have not run out."""
        lasts = models.Q(expires_at=None) | models.Q(expires_at__gt=now)
        return self.filter(lasts, revoked_at=None)

    def agreed(self, *, but: Parent | None = None) -> LinkQuerySet:
        """Those that no current parent lacks a yes to (C2), so one who came later counts too (C7); ``but`` is not asked."""
        lacks = _without_a_yes().filter(family=models.OuterRef("story__family"))
        return self.exclude(models.Exists(lacks.exclude(pk=but.pk) if but else lacks))

    def standing(self, now: datetime) -> LinkQuerySet:
        """Those that open their story now, where it is meant for invited people."""
        return self.live(now).agreed()


def _without_a_yes() -> ParentQuerySet:
    """Return the current parents, of any family, who have not said yes to the link of the query around."""
    yes = LinkYes.objects.filter(link=models.OuterRef(models.OuterRef("pk")), parent=models.OuterRef("pk"))
    return Parent.objects.current().exclude(models.Exists(yes))


class Link(models.Model):
    """The address is the row's id; of the code only a keyed digest is kept. The name is the family's own word."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="links")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.BinaryField(max_length=32)
    opened = models.BooleanField(default=False, help_text="Whether the code was ever typed; not when, nor how often.")
    name_sealed = SealedField()

    name = SealedText("name_sealed")

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["story", "-made_at"], name="links_made")]

    def __str__(self) -> str:
        return f"Link {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.story.vault, None

    @classmethod
    @transaction.atomic
    def make(cls, story: Story, by: Account, name: str, until: datetime | None, now: datetime) -> tuple[Link, str]:
        """Name somebody, with this parent's yes; return also the code, which is shown this once.

        Raise NotAParent, NothingToTell.
        """
        parent = story.parent_to_whom_it_exists(by)
        code = apart.new_code()
        made = cls(story=story, made_by=by, made_at=now, expires_at=until)
        made.code_hash = apart.digest(made._whose, code)
        made.name = name.strip()
        made.save(force_insert=True)
        made.yeses.create(parent=parent, at=now)
        return made, code

    @property
    def _whose(self) -> str:
        return f"link.{self.pk}"

    @transaction.atomic
    def say_yes(self, by: Account, now: datetime) -> None:
        """Agree that this person reads it; twice is once. Raise NotAParent, NothingToTell, LinkOver."""
        # The story first, as taking it back does: that comes before, or after, and then uses this yes up (C2).
        story = Story.objects.select_for_update().get(pk=self.story_id)
        parent = story.parent_to_whom_it_exists(by)
        self._hold_still(now)
        self.yeses.get_or_create(parent=parent, defaults={"at": now})

    @transaction.atomic
    def take_back(self, by: Account, now: datetime) -> None:
        """Let this person read it no more, from the next request on; any parent may (C3). Raise NotAParent."""
        self.story.family.parent(by)
        Link.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now)
        self.devices.all().delete()

    @transaction.atomic
    def change_code(self, by: Account, now: datetime) -> str:
        """Return a new code; the one before opens nothing more, and devices stay bound.

        Raise NotAParent, NothingToTell, LinkOver.
        """
        self.story.parent_to_whom_it_exists(by)
        held = self._hold_still(now)
        code = apart.new_code()
        held.code_hash = apart.digest(held._whose, code)
        held.save(update_fields=["code_hash"])
        return code

    def _hold_still(self, now: datetime) -> Link:
        """Return the row, locked: whoever takes it back at this moment comes before, or after. Raise LinkOver."""
        held = Link.objects.select_for_update().filter(pk=self.pk).live(now).first()
        if held is None:
            raise LinkOver(ids.show(self.pk))
        return held

    def waits_for(self) -> list[Parent]:
        """Return the current parents who have not said yes to it."""
        places = self.story.family.parents.current().exclude(pk__in=self.yeses.values("parent"))
        return list(places.select_related("account__profile").order_by("joined_at", "pk"))

    def opens_with(self, code: str) -> bool:
        """Whether this is the code that was sent apart from it."""
        return apart.belongs(code, bytes(self.code_hash), self._whose)

    @transaction.atomic
    def bind(self) -> str:
        """Let one more device through; return the token that it is to carry, which is kept nowhere else."""
        token = secrets.token_urlsafe(32)
        self.devices.create(digest=LinkDevice.digest_of(token))
        newest = self.devices.order_by("-pk").values_list("pk", flat=True)[:MOST_DEVICES]
        self.devices.exclude(pk__in=list(newest)).delete()
        Link.objects.filter(pk=self.pk).update(opened=True)
        return token


class LinkYes(models.Model):
    """One parent's yes to one named person. Rows are added, never rewritten."""

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="yeses")
    parent = models.ForeignKey(Parent, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "link yeses"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("link", "parent", name="one_yes_a_parent_to_a_link"),
        ]

    def __str__(self) -> str:
        return f"LinkYes {self.pk}"


class LinkDevice(models.Model):
    """A device on which the code was typed: known by a digest of what it carries, and by nothing else."""

    id = models.BigAutoField(primary_key=True)
    link = models.ForeignKey(Link, on_delete=models.CASCADE, related_name="devices")
    digest = models.BinaryField(max_length=32, unique=True)

    def __str__(self) -> str:
        return f"LinkDevice {self.pk}"

    @staticmethod
    def digest_of(token: str) -> bytes:
        """Return what is kept of a token; 256 random bits need no key."""
        return hashlib.sha256(b"alongside/1|invited device|" + token.encode()).digest()
