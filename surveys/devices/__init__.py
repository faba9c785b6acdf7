"""Tablets on counters and phones without network: what they get, how they pair, what they send.

What waits on a device is sealed for the server (decision 0013). It ends in `surveys.intake` like
everything else. Start reading at `delivery.deliver`; `tablets` pairs, hears and revokes.
"""

__all__ = ["delivery", "shells", "tablets", "views"]
