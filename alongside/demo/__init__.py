"""The demonstration: an invented community to look at, and one of any size to measure with.

Every family, sentence and picture in it is invented; every page of the demo says so. It goes through the same verbs
as real families do (C1–C8), so that nothing of the product is built twice.
"""
