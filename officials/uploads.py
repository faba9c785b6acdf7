"""Takes one small file into memory, on the pages that ask for one; all other pages take none."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers
from django.http import HttpRequest


class OneSmallFile(FileUploadHandler):
    """Keeps a file's first bytes, one more than allowed, so that the reader sees it is too large.

    What follows is passed over: it fills neither memory nor the disk. Nothing is written to disk.
    """

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.taken = False
        self.kept = BytesIO()

    def new_file(self, *given: Any, **named: Any) -> None:  # Any: Django's signature
        super().new_file(*given, **named)
        self.kept = BytesIO()
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if not self.taken:
            self.kept.write(raw_data[: max(0, self.most + 1 - self.kept.tell())])

    def file_complete(self, file_size: int) -> InMemoryUploadedFile | None:
        """The file; None for every one after the first."""
        if self.taken:
            return None
        self.taken = True
        size = self.kept.tell()
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept,
            self.field_name,
            self.file_name or "",
            self.content_type,
            size,
            self.charset,
        )
