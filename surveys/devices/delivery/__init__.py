"""Answers that were kept on a device, sealed for us alone, and are delivered later.

It opens envelopes and hands what is in them to `surveys.intake`. Start reading at `deliver`.
"""

__all__ = ["deliver", "sealing", "sessions", "signatures"]
