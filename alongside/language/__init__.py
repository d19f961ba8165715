"""Meaning and language of a text; the only package that imports a model runtime.

Keeps H3: the model lies in an installed wheel, pinned by hash; no text leaves this process and none is kept.
"""
