"""A mail server that takes what is sent to it, for tests that send real mail."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pytest_django import Settings


class Post:
    """What a mail server was given.

    refused: the addresses that it takes nothing for; later: those that it takes nothing for now;
    dropped: those with which it hangs up.
    """

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refused: set[str] = set()
        self.later: set[str] = set()
        self.dropped: set[str] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.dropped:
            server.transport.abort()
        if address in self.refused:
            return "550 no such person"
        if address in self.later:
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def mail_server(settings: Settings) -> Iterator[Post]:
    """A mail server to which mails go, until the block ends."""
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    try:
        yield handler
    finally:
        server.stop()


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    """A mail server to which mails go."""
    with mail_server(settings) as handler:
        yield handler
