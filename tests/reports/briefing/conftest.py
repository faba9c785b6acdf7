"""What tests of the brief and its letter share."""

from tests.mailbox import post

__all__ = ["post"]
