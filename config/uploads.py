"""What happens to files that somebody sends where none is asked for.

A page that asks for one brings its own handler (`officials.uploads`).
"""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

# In the META of a request with a file that was passed over.
PASSED_OVER = "hailong.file_passed_over"


class NoFiles(FileUploadHandler):
    """Passes over files as they come in: they fill neither memory nor the disk.

    The limit on the size of a request does not count files, and citizens need no account.
    """

    def new_file(self, *given: Any, **named: Any) -> None:  # Any: Django's signature, unused
        if self.request is not None:
            self.request.META[PASSED_OVER] = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
