"""The rows of a keepsake box; each file one concern."""

from alongside.keepsakes.models.box import Baby, BabyTold, Cloth, KeepsakeBox
from alongside.keepsakes.models.erasure import BoxErasingYes, Erasure
from alongside.keepsakes.models.file import AboutFile, MemoryFile, MemoryObject, delete_later, names_of
from alongside.keepsakes.models.memory import Memory, MemoryVersion, NotYours, Shown
from alongside.keepsakes.models.upload import FILED, Upload, UploadPiece

__all__ = [
    "FILED",
    "AboutFile",
    "Baby",
    "BabyTold",
    "BoxErasingYes",
    "Cloth",
    "Erasure",
    "KeepsakeBox",
    "Memory",
    "MemoryFile",
    "MemoryObject",
    "MemoryVersion",
    "NotYours",
    "Shown",
    "Upload",
    "UploadPiece",
    "delete_later",
    "names_of",
]
