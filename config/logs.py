"""What no line of a log may hold: links that let somebody in, and what was asked besides a page.

A line of a log says when somebody asked. A query (`?quay=3`, as printed cards have it) and what
stands behind an office in a citizen's address would join that moment to an answer.
"""

import logging
import re

from django.conf import settings

LINKS_PATH = "/lien-ket/"
# Servers that may write a line for each request; they all name what was asked for.
SERVERS = ("granian.access", "gunicorn.access", "uvicorn.access", "django.server")


class WithoutTokens(logging.Filter):
    """Cuts addresses: `/m/…` and `/ks/ha-tien/…` instead of the whole, `/bao-cao/?…` of queries."""

    def __init__(self) -> None:
        super().__init__()
        # not a letter before it: the path of a link, not the end of another one; in capitals too
        begins = r"(?<![\w-])"
        links = "|".join(re.escape(path) for path in (settings.INVITATIONS_PATH, LINKS_PATH))
        office = rf"{re.escape(settings.CITIZENS_PATH)}[\w-]+/"
        self.tail = re.compile(rf"{begins}({links}|{office})[\w%./~-]+", re.IGNORECASE)
        # what a browser or a server quotes ends with a quotation mark
        self.query = re.compile(r"(/[\w%./~…-]*\?)[^\s\"'<>]+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record, without what no line may hold."""
        said = record.getMessage()
        hidden = self.query.sub(r"\1…", self.tail.sub(r"\1…", said))
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
