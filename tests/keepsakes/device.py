"""A person's phone, which sends one file as the page's script does."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse

from alongside import ids
from alongside.keepsakes.models import KeepsakeBox
from tests.keepsakes.household import Person
from tests.keepsakes.pictures import photograph, recording

HERE = {"Sec-Fetch-Site": "same-origin"}


class Device:
    """Somebody's phone, sending one file as the page's script does."""

    def __init__(self, person: Person, box: KeepsakeBox, file: bytes, *, kind: str = "photo", name: str = "IMG_1.jpg"):
        self.person, self.box, self.file, self.kind, self.name = person, box, file, kind, name
        self.id = ids.new_id()

    @property
    def at(self) -> str:
        return reverse("keepsakes:upload", args=[self.id])

    def asks(self, do: str, **more: Any) -> Any:
        said = {"do": do, "box": ids.show(self.box.pk), "kind": self.kind, "size": len(self.file)} | more
        return self.person.post(self.at, said, headers=HERE)

    def begins(self) -> Any:
        answer = self.asks("begin", said=f"{self.name}|{len(self.file)}|0")
        if "id" in answer.json():
            self.id = ids.read(answer.json()["id"])
        return answer

    def sends(self, start: int, length: int = 1024 * 1024) -> Any:
        piece = self.file[start : start + length]
        address = f"{reverse('keepsakes:piece', args=[self.id])}?at={start}"
        return self.person.post(address, piece, content_type="application/octet-stream", headers=HERE)

    def sends_all(self, length: int = 1024 * 1024) -> Any:
        """Begin, send every piece, finish; return the last answer."""
        received = self.begins().json()["received"]
        while received < len(self.file):
            received = self.sends(received, length).json()["received"]
        return self.asks("finish")


def keeps_photo(person: Person, box: KeepsakeBox, file: bytes | None = None, *, kind: str = "photo") -> uuid.UUID:
    """Let somebody put a photograph in; return its id."""
    device = Device(person, box, file or (recording() if kind == "voice" else photograph()), kind=kind)
    answer = device.sends_all()
    assert answer.json().get("kept"), answer.content
    return device.id
