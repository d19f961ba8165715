"""Photographs and voices: decoded in a jail, given out without metadata (S17 to S21), at rest as encrypted objects in a folder
or a bucket, written so that "kept" is true (S16, V7).

``photos`` and ``sounds`` decode in ``jail``; ``objects`` is the door to the store, ``folder`` and ``bucket`` are the two there
are, ``sweep`` holds names against objects. It knows no person and no row: what is decoded, sealed or shown is somebody
else's to decide.
"""
