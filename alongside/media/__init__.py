"""Photographs and voices at rest: encrypted objects in a folder, written so that "kept" is true (S16, V7).

Intake from phones (jailed decoding, resumable upload) comes with its own issue; what is here stores and gives back.
"""
