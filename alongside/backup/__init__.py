"""``backup`` and ``restore``: data and keyring apart, and what was erased stays erased (L1, SECURITY 3.4).

``take`` writes a backup, ``restore`` brings one back, ``unfinished`` keeps a half-restored place shut, ``erased`` finishes
what was erased since the backup, ``keys`` and ``stored`` sweep keys and objects that no row names. A backup is whole or is
none: it is written under another name and gets its own last.
"""
