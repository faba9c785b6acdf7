"""Reasons to look twice at a response. A flag never deletes, refuses or hides anything by itself.

Pure rules, and the memory of one process for what came a moment ago. Start reading at `rules`.
"""

__all__ = ["judging", "rules"]
