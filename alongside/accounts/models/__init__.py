"""Rows about people: accounts, what they agreed to, how they come in, and whom they must not meet."""

from __future__ import annotations

from alongside.accounts.models.account import Account, AccountManager, Block, Profile, blocked_pairs
from alongside.accounts.models.agreement import AGE, KEEPING, Agreement, agree, may_keep, revoke
from alongside.accounts.models.code import Code, TooOften, forget_codes
from alongside.accounts.models.must_not_see import EnoughNamed, MustNotSee
from alongside.accounts.models.sign_in import SignIn, forget_sign_ins
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
    "MustNotSee",
    "Profile",
    "SignIn",
    "TooOften",
    "Welcome",
    "agree",
    "blocked_pairs",
    "forget_codes",
    "forget_sign_ins",
    "may_keep",
    "revoke",
]
