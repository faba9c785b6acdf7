"""What no line of a log may hold."""

import logging
import re

from django.conf import settings

LINKS_PATH = "/lien-ket/"


class WithoutTokens(logging.Filter):
    """Hides the token in the address of an invitation or of a link that lets somebody in."""

    def __init__(self) -> None:
        super().__init__()
        # not a letter before it: the path of a link, not the end of another one
        paths = "|".join(re.escape(path) for path in (settings.INVITATIONS_PATH, LINKS_PATH))
        self.token = re.compile(rf"(?<![\w-])({paths})[\w-]+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record, with `/m/…` in the place of each link."""
        said = record.getMessage()
        hidden = self.token.sub(r"\1…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
