"""What happens at night, in which order: counting, closing, scores, the proof, reports.

It calls the other rooms and adds nothing to them. Start reading at `steps`.
"""

__all__ = ["nights", "papers", "running", "steps", "waking", "watching"]
