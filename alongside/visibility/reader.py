"""Who is reading: made once per request, frozen, and handed to everything that shows anything."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from alongside.accounts.models import Account, Profile, blocked_pairs
from alongside.families.models import families_of, relative_in


@dataclass(frozen=True, slots=True)
class Reader:
    """A guest, or an account with all that the policy needs to know of it."""

    account: uuid.UUID | None = None
    admitted: bool = False
    """Whether they count as one of us yet, where a host lets people in."""
    lived: bool = False
    families: frozenset[uuid.UUID] = frozenset()
    blocks: frozenset[uuid.UUID] = frozenset()
    relatives: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=lambda: MappingProxyType({}))
    """Their places as a relative, each with its family."""
    links: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=lambda: MappingProxyType({}))
    """The links that their device carries and that stand now, each with its story (V2)."""

    @classmethod
    def guest(cls, links: Mapping[uuid.UUID, uuid.UUID] | None = None) -> Reader:
        """Somebody of whom nothing is known but what their device carries."""
        return cls(links=MappingProxyType(dict(links or {})))

    @classmethod
    def of(cls, account: Account, links: Mapping[uuid.UUID, uuid.UUID] | None = None) -> Reader:
        """Return the reader that ``account`` is now, at a device that carries ``links``; asks the database."""
        return cls(
            account=account.pk,
            admitted=account.admitted_at is not None,
            lived=Profile.objects.filter(account=account, lived_at__isnull=False).exists(),
            families=families_of(account.pk),
            blocks=blocked_pairs(account.pk),
            relatives=MappingProxyType(relative_in(account.pk)),
            links=MappingProxyType(dict(links or {})),
        )

    def name(self) -> str:
        """Return this reader's own chosen name, or "" for a guest."""
        if self.account is None:
            return ""
        profile = Profile.objects.select_related("account").filter(account=self.account).first()
        return profile.name if profile else ""
