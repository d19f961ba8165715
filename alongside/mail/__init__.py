"""Rendering and sending mail. Knows no person's rows: it is told an address and which of its few kinds of mail to send.

Keeps S29: subjects come from a fixed neutral list, and no mail holds a name, a word of anybody's or a word about loss.
"""
