"""Whole journeys of a person, in a real browser, against a real demonstration (DESIGN 4, 8, 9; H1–H3, V7, P1, P3).

Every visitor's requests are on the record: one to another place than this fails the test, and so does a breach of
the content security policy or an error of the pages' own script.
"""
