"""Releases: frozen sets of scores that anyone can compute again (docs/releases.md)."""

from reports.release.publish import CannotPublish, publish
from reports.release.reproduce import CannotReproduce, reproduce

__all__ = ["CannotPublish", "CannotReproduce", "publish", "reproduce"]
