"""Files in a form, for browsers without script: they lie in memory alone, and never in clear on a disk (S10)."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from alongside.media import in_memory

MOST = 128 * 1024 * 1024
"""Bytes of all files in one form together."""


class FilesInMemory(FileUploadHandler):
    """Takes each file of a form into a file without a name."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.taken = 0
        self.into: BinaryIO | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.into = in_memory.blank()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - as Django calls it
        self.taken += len(raw_data)
        if self.taken > MOST:
            # More than its sender said it would be.
            raise StopUpload(connection_reset=True)
        assert self.into is not None
        self.into.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any]:
        assert self.into is not None
        self.into.seek(0)
        return UploadedFile(self.into, name="file", content_type=self.content_type, size=file_size)
