"""Shared by the tests of invitations."""

from tests.mailbox import post as post
