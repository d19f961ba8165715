"""Bucket: how many tries are left for one key. UNLOGGED: it may vanish in a crash, and never reaches a backup."""

from __future__ import annotations

from django.db import models


class Bucket(models.Model):
    """``tokens`` left at ``at`` for the HMAC ``key``."""

    key = models.BinaryField(primary_key=True, max_length=32)
    tokens = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return "Bucket"
