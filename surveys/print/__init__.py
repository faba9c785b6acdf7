"""What an office prints and puts up: the poster and the table card, as PDF.

It knows offices and words only. Start reading at `views`.
"""

__all__ = ["poster", "views"]
