"""Account, Profile and Block: who somebody is here, and whom they do not meet."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from alongside import ids
from alongside.accounts import addresses
from alongside.accounts.choices import Choices
from alongside.accounts.own_words import OwnWords
from alongside.vault import vaults
from alongside.vault.fields import SealedField, SealedJSON, SealedText


class AccountManager(models.Manager["Account"]):
    """How accounts come to be and are found again."""

    @transaction.atomic
    def join(self, email: str, *, name: str, now: datetime, waits: bool = False) -> Account:
        """Make an account with its vault and its profile; ``email`` is kept as typed, compared without case.

        ``waits``: it is a guest to others until a host lets it in. Whoever has named this address is not met.
        """
        addresses.hold_still(email)
        account = Account(email=email.strip(), vault=vaults.create("account"), created_at=now)
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
        return self.get(email__iexact=email.strip())


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

    def keep_apart(self, now: datetime) -> None:
        """Block those who have named this account's address, as they asked (V4). Never announced."""
        for who, said in addresses.named_by(self.email):
            if who != self.pk:
                Block.objects.get_or_create(blocker_id=who, blocked=self, defaults={"since": now, "named_id": said})

    @transaction.atomic
    def change_address(self, email: str, now: datetime) -> None:
        """Be written to at another address from now on. Raise IntegrityError where another account has it."""
        addresses.hold_still(email)
        self.email = email.strip()
        self.address_digest = addresses.digest(email)
        self.save(update_fields=["email", "address_digest"])
        self.keep_apart(now)

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


class Block(models.Model):
    """``blocker`` and ``blocked`` do not exist for each other (V4). Never announced."""

    blocker = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="blocked_by")
    since = models.DateTimeField()
    # Where an address that was named made it: taken back with it.
    named = models.ForeignKey(
        "accounts.MustNotSee", null=True, blank=True, on_delete=models.CASCADE, related_name="blocks"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint("blocker", "blocked", name="one_block_a_pair"),
            models.CheckConstraint(condition=~models.Q(blocker=models.F("blocked")), name="nobody_blocks_themselves"),
        ]

    def __str__(self) -> str:
        return f"Block {self.pk}"


def blocked_pairs(account_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """Return everyone who has blocked this account or whom it has blocked: a block works both ways."""
    pairs: Any = Block.objects.filter(models.Q(blocker=account_id) | models.Q(blocked=account_id)).values_list(
        "blocker_id", "blocked_id"
    )
    return frozenset(other for pair in pairs for other in pair if other != account_id)
