"""Links for one dossier each: how they are made, sent, read and counted, and how it is forgotten.

No row stands for an invitation; keys of days lie outside the database. Start reading at `issuing`;
`api` is what a portal calls, `listing` what an office brings, `mailing` and `inviting` what workers
do.
"""

__all__ = [
    "api",
    "destroying",
    "handing",
    "integrations",
    "inviting",
    "issuing",
    "listing",
    "mailing",
    "messages",
    "token",
    "waiting",
]
