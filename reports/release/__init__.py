"""Releases: frozen sets of scores that anyone can compute again (docs/releases.md).

It may use counting, scores, showing and the arithmetic. Start reading at `publish`; `reproduce`
computes a release again and names what differs.
"""

from reports.release.publish import CannotPublish, publish
from reports.release.reproduce import CannotReproduce, reproduce

__all__ = [
    "CannotPublish",
    "CannotReproduce",
    "changes",
    "export",
    "members",
    "proposing",
    "public",
    "publish",
    "reproduce",
]
