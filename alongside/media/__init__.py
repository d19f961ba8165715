"""Photographs and voices at rest: encrypted objects in a folder or a bucket, written so that "kept" is true (S16, V7).

``objects`` is the door to the store; ``folder`` and ``bucket`` are the two there are. ``sweep`` holds names against objects.
``sounds`` makes of a recording what everyone gets to hear; it is decoded in ``jail``.
"""
