"""How often: limits per account and per address on what writes, signs in or searches (M6).

A bucket of tokens per key, filled steadily, emptied atomically in PostgreSQL, so that many web processes share one
limit. Addresses are never stored: a key is an HMAC that changes every day.
"""
