"""What parents do with a story of theirs: who may read it, asking and answering, taking it back, erasing it (C1–C4, D3).

The pages are at /box/story/ and /box/yes/. A story exists here for whom the policy says that they tell it.
"""
