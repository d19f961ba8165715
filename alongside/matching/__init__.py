"""Finding people who have been there: circumstances read from a sentence, the index, nearest stories and why.

What is searchable is only what was told to strangers (SECURITY 3.5), and stands in clear in UNLOGGED rows alone, which
reach no log and no backup. The seeker's words are read in memory and kept nowhere.
"""
