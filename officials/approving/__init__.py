"""What waits for a second person: the list, and a page for each proposal with what it would change.

It shows and decides whatever kinds `offices.proposals` knows; those of questions and answers are
registered here. Start reading at `pages`.
"""

__all__ = [
    "differences",
    "drafts",
    "exclusions",
    "floods",
    "outbox",
    "pages",
    "questionnaires",
    "tablets",
]
