"""Rows about people: accounts, what they agreed to, how they come in, and whom they must not meet."""

from __future__ import annotations

from alongside.accounts.models.account import Account, AccountManager, Block, Profile, blocked_pairs
from alongside.accounts.models.agreement import AGE, KEEPING, Agreement, agree, may_keep, revoke
from alongside.accounts.models.code import Code, TooOften, forget_codes
from alongside.accounts.models.former_address import (
    FormerAddress,
    change_address,
    forget_former_addresses,
    opened_by,
)
from alongside.accounts.models.must_not_see import EnoughNamed, EnoughNamedLately, MustNotSee, Naming
from alongside.accounts.models.sign_in import SignIn, forget_sign_ins
from alongside.accounts.models.used_invitation import UsedInvitation
from alongside.accounts.models.welcome import Welcome

__all__ = [
    "AGE",
    "KEEPING",
    "Account",
    "AccountManager",
    "Agreement",
    "Block",
    "Code",
    "EnoughNamed",
    "EnoughNamedLately",
    "FormerAddress",
    "MustNotSee",
    "Naming",
    "Profile",
    "SignIn",
    "TooOften",
    "UsedInvitation",
    "Welcome",
    "agree",
    "blocked_pairs",
    "change_address",
    "forget_codes",
    "forget_former_addresses",
    "forget_sign_ins",
    "may_keep",
    "opened_by",
    "revoke",
]
