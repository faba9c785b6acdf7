"""What citizens see. Every page works without JavaScript, cookies or an account.

It hands answers to `surveys.intake` and asks `surveys.questionnaires` what to show; nothing here
writes a response. Start reading at `survey`, the form on a phone.
"""

__all__ = [
    "ended",
    "finding",
    "forms",
    "invited",
    "kept",
    "languages",
    "nearby",
    "notice",
    "notices",
    "procedures",
    "recordings",
    "replies",
    "sheet",
    "survey",
]
