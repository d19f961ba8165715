"""Who somebody is here: the account that signs in, the profile others see, and whom one must not meet.

Keeps V2 (``lived`` is one's own word), V4 (blocks, both ways) and V6 (nothing here tells whether an address has
an account). There are no user names and no passwords; the chosen name is sealed in the account's own vault.
"""
