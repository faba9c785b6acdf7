"""What waits for a second person: the list, and a page for each proposal with what it would change.

It shows and decides whatever kinds `offices.proposals` knows. Start reading at `pages`.
"""

__all__ = ["pages"]
