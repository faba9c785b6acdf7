"""What no line of a log may hold."""

import logging
import re

from django.conf import settings


class WithoutTokens(logging.Filter):
    """Hides the token in the address of an invitation, wherever a message names one."""

    def __init__(self) -> None:
        super().__init__()
        # not a letter before it: the path of a link, not the end of another one
        self.token = re.compile(rf"(?<![\w-]){re.escape(settings.INVITATIONS_PATH)}[\w-]+")

    def filter(self, record: logging.LogRecord) -> bool:
        """Keeps every record, with `/m/…` in the place of each link."""
        said = record.getMessage()
        hidden = self.token.sub(f"{settings.INVITATIONS_PATH}…", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
