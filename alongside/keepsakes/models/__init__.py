"""The rows of a keepsake box; each file one concern."""

from alongside.keepsakes.models.box import Baby, BabyTold, Cloth, KeepsakeBox
from alongside.keepsakes.models.erasure import BoxErasingYes, Erasure
from alongside.keepsakes.models.memory import Memory, MemoryVersion, NotYours, Shown

__all__ = [
    "Baby",
    "BabyTold",
    "BoxErasingYes",
    "Cloth",
    "Erasure",
    "KeepsakeBox",
    "Memory",
    "MemoryVersion",
    "NotYours",
    "Shown",
]
