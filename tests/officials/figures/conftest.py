"""Shared by the tests of pages with figures."""

from tests.mailbox import post as post
