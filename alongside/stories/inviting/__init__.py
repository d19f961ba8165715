"""Inviting named people to a story: the parents' page, and what their links open (V2, C2, S8)."""
