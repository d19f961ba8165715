"""Account, Profile and Block: who somebody is here, and whom they do not meet."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from alongside import ids
from alongside.accounts import addresses
from alongside.accounts.choices import Choices
from alongside.accounts.own_words import OwnWords
from alongside.vault import vaults
from alongside.vault.fields import SealedField, SealedJSON, SealedText

SOONEST, LATEST = timedelta(days=2), timedelta(days=6)
"""How long what somebody sees stays as it was, after they named an address and after they took it back."""


def some_days_after(now: datetime) -> datetime:
    """Return a time that nobody can foretell."""
    return now + SOONEST + timedelta(seconds=secrets.randbelow(int((LATEST - SOONEST).total_seconds())))


class AccountManager(models.Manager["Account"]):
    """How accounts come to be and are found again."""

    @transaction.atomic
    def join(self, email: str, *, name: str, now: datetime, waits: bool = False) -> Account:
        """Make an account with its vault and its profile; ``email`` is compared without case. Raise NotPlain.

        ``waits``: it is a guest to others until a host lets it in. Whoever has named this address is not met.
        """
        email = addresses.written(email)
        addresses.hold_still(email)
        account = Account(email=email, vault=vaults.create("account"), created_at=now)
        account.admitted_at = None if waits else now
        account.address_digest = addresses.digest(email)
        account.save(force_insert=True)
        profile = Profile(account=account)
        profile.name = name
        profile.save()
        account.keep_apart(now)
        return account

    def of_address(self, address: str) -> list[Account]:
        """Return the accounts that this address is, compared as ``alongside.accounts.addresses`` compares."""
        return list(self.filter(address_digest__in=addresses.digests(address)))

    def get_by_natural_key(self, email: str) -> Account:
        found = self.written_to(email)
        if found is None:
            raise Account.DoesNotExist
        return found

    def written_to(self, address: str) -> Account | None:
        """Return the account with just this address, upper or lower case aside; an address that is not ASCII is nobody's."""
        try:
            said = addresses.written(address).lower()
        except addresses.NotPlain:
            return None
        found = self.annotate(lowered=Lower("email")).filter(lowered=said)
        return next((account for account in found if account.email.isascii()), None)


class Account(AbstractBaseUser):
    """One person's way in. Times say what has happened to it and since when."""

    id = models.UUIDField(primary_key=True, default=ids.new_id, editable=False)
    email = models.EmailField()
    vault = models.UUIDField(editable=False)
    address_digest = models.BinaryField(null=True, max_length=32, db_index=True)
    session_epoch = models.UUIDField(default=ids.new_id, editable=False)
    created_at = models.DateTimeField()
    admitted_at = models.DateTimeField(null=True, blank=True, help_text="Since when they count as one of us.")
    host_put_off_at = models.DateTimeField(null=True, blank=True, help_text="When a host last said: not now.")
    closed_at = models.DateTimeField(null=True, blank=True)
    host_since = models.DateTimeField(null=True, blank=True)
    steward_since = models.DateTimeField(null=True, blank=True)

    # There are no passwords, and when somebody was last here is nobody's business.
    password = None  # type: ignore[assignment]
    last_login = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_address"),
        ]

    def __str__(self) -> str:
        return f"Account {ids.show(self.pk)}"

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether the account can be signed in to."""
        return self.closed_at is None

    @property
    def is_host(self) -> bool:
        """Whether they are a host or a steward. Their pages open only after a key was used (S22)."""
        return self.host_since is not None or self.steward_since is not None

    def has_usable_password(self) -> bool:
        """There is none: one signs in with a mailed code or a passkey."""
        return False

    def get_session_auth_hash(self) -> str:
        """Return what a session must carry; a new epoch ends every session at once."""
        return self._session_hash()

    def _session_hash(self, secret: str | bytes | None = None) -> str:
        return salted_hmac(
            "alongside.accounts.session", self.session_epoch.bytes, secret=secret, algorithm="sha256"
        ).hexdigest()

    def _get_session_auth_hash(self, secret: str | bytes | None = None) -> str:
        # Django asks this for each of SECRET_KEY_FALLBACKS, so that a rotated key signs nobody out.
        return self._session_hash(secret)

    def keep_apart(self, now: datetime, *, later: bool = False) -> None:
        """Block those who have named this account's address, as they asked (V4). Never announced."""
        for who, said in addresses.named_by(self.email):
            if who != self.pk:
                Block.objects.of_naming(who, self, said, now, later=later)

    @transaction.atomic
    def write_to(self, email: str, now: datetime) -> None:
        """Have another address. Raise IntegrityError where another account has it, or NotPlain."""
        email = addresses.written(email)
        addresses.hold_still(email)
        self.email = email
        self.address_digest = addresses.digest(email)
        self.save(update_fields=["email", "address_digest"])
        # They were here before: that they vanish would tell who named this address whose it is.
        self.keep_apart(now, later=True)

    def admit(self, now: datetime) -> None:
        """Let them in: from now on they are one of us."""
        self.admitted_at = now
        self.save(update_fields=["admitted_at"])

    def put_off(self, now: datetime) -> None:
        """Leave them waiting, behind everybody else who waits."""
        self.host_put_off_at = now
        self.save(update_fields=["host_put_off_at"])

    def end_sessions(self) -> None:
        """Sign out everywhere, from the next request on."""
        self.session_epoch = ids.new_id()
        self.save(update_fields=["session_epoch"])


class Profile(models.Model):
    """How others see somebody: a chosen name, never a legal one, and what they say of themselves."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, primary_key=True, related_name="profile")
    name_sealed = SealedField()
    me_sealed = SealedField(null=True)
    circumstances_sealed = SealedField(null=True)
    own_words_sealed = SealedField(null=True)
    choices_sealed = SealedField(null=True)
    lived_at = models.DateTimeField(null=True, blank=True, help_text="When they said they have lived a loss (V2).")

    name = SealedText("name_sealed")
    me = SealedText("me_sealed")
    own_words = SealedJSON("own_words_sealed", parse=OwnWords.read, dump=OwnWords.plain)
    choices = SealedJSON("choices_sealed", parse=Choices.read, dump=Choices.plain)

    def __str__(self) -> str:
        return f"Profile {ids.show(self.pk)}"

    def vault_place(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.account.vault, None

    def say_lived(self, now: datetime) -> None:
        """Take somebody's word that they have lived a loss."""
        self.lived_at = now
        self.save(update_fields=["lived_at"])


class BlockManager(models.Manager["Block"]):
    """How blocks come of addresses that were named."""

    def of_naming(self, blocker: uuid.UUID, blocked: Account, said: uuid.UUID, now: datetime, *, later: bool) -> None:
        """Block whoever has an address that was named. ``later``: from the blocker they are hidden only days from now."""
        self.filter(blocker=blocker, blocked=blocked, lifts_at__lte=now).delete()
        hidden = some_days_after(now) if later else None
        more = {"since": now, "named_id": said, "hidden_from_blocker_at": hidden}
        block, is_new = self.get_or_create(blocker_id=blocker, blocked=blocked, defaults=more)
        if not is_new and block.lifts_at is not None:
            self.filter(pk=block.pk).update(named=said, lifts_at=None)

    def lift(self, said: uuid.UUID, now: datetime) -> None:
        """Let go of what a naming made: at once where it did not show yet, else days from now."""
        self.forget_lifted(now)
        made = self.filter(named=said)
        made.filter(hidden_from_blocker_at__gt=now).delete()
        for block in made:
            self.filter(pk=block.pk).update(named=None, lifts_at=some_days_after(now))

    def forget_lifted(self, now: datetime) -> int:
        """Delete those that have ended; return how many."""
        return self.filter(lifts_at__lte=now).delete()[0]


class Block(models.Model):
    """``blocker`` and ``blocked`` do not exist for each other (V4). Never announced.

    A block made by naming an address shows its maker nothing for some days, and for some days after it was taken back
    nothing either: else naming would tell at once whose words are whose (V6).
    """

    blocker = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="blocked_by")
    since = models.DateTimeField()
    # Where an address that was named made it: taken back with it.
    named = models.ForeignKey(
        "accounts.MustNotSee", null=True, blank=True, on_delete=models.CASCADE, related_name="blocks"
    )
    hidden_from_blocker_at = models.DateTimeField(null=True, blank=True, help_text="Null: from the beginning.")
    lifts_at = models.DateTimeField(null=True, blank=True, help_text="When it ends, once the naming was taken back.")

    objects: ClassVar[BlockManager] = BlockManager()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("blocker", "blocked", name="one_block_a_pair"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"Block {self.pk}"


def blocked_pairs(account_id: uuid.UUID, now: datetime | None = None) -> frozenset[uuid.UUID]:
    """Return everyone who has blocked this account or whom it has blocked: a block works both ways.

    Left out are those who are hidden from this account, which named their address, only days from now.
    """
    now = now or timezone.now()
    shows = models.Q(hidden_from_blocker_at=None) | models.Q(hidden_from_blocker_at__lte=now)
    lasts = models.Q(lifts_at=None) | models.Q(lifts_at__gt=now)
    mine = models.Q(blocker=account_id) & shows
    pairs: Any = Block.objects.filter(lasts, mine | models.Q(blocked=account_id)).values_list(
        "blocker_id", "blocked_id"
    )
    return frozenset(other for pair in pairs for other in pair if other != account_id)
