"""Passkeys, the authenticator and recovery codes of an account, and showing that it is still them."""
