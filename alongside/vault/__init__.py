"""Keys and what they lock: the keyring, sealed fields and sealed objects, and the destruction of keys.

A vault (a box, a story, an account's own things) has a key; each item in it (a photo, a text) has its own.
Keys live outside the database, in a keyring of two folders, wrapped by a master key; erasing a key makes
every copy of what it locked unreadable, in backups too. Keeps L1, and the key's half of D1; goals S10-S15.
It knows no other package of ours but ``alongside.ids``. The formats are in docs/developers/vault.md,
complete enough for a second implementation.
"""
