"""What is asked and answered: questionnaires, responses, remarks, and the pages of citizens.

It may use offices and knows no figure. Start reading at `intake.submit`, the one way in for answers
of every channel; `questionnaires.reader` says what can be asked.
"""

__all__ = [
    "citizen",
    "devices",
    "exclusions",
    "flags",
    "floods",
    "intake",
    "invitations",
    "labels",
    "models",
    "questionnaires",
    "remarks",
    "targets",
]
