"""The one way in for answers, and what is done to them before they are kept.

It may use questionnaires, flags and remarks, and asks Redis through `limits` only. Start reading at
`submit`: every channel calls it.
"""

__all__ = [
    "blinding",
    "coarsening",
    "limits",
    "settling",
    "shuffling",
    "signing",
    "starts",
    "submit",
]
