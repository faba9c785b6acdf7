"""What happens at night, in which order: counting, closing, scores, the proof, the handover.

It calls the other rooms and adds nothing to them. Start reading at `steps`.
"""

__all__ = ["nights", "running", "steps", "waking", "watching"]
