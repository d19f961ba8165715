"""Photographs and voices: decoded in a jail, given out without metadata (S17 to S21), at rest as encrypted objects in a folder,
written so that "kept" is true (S16, V7).

It knows no person and no row: what is decoded, sealed or shown is somebody else's to decide.
"""
