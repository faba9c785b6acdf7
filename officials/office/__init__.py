"""What an office's officials do: remarks, tablets, invitations, exclusions, files they bring in.

Each page hands over to the room of `surveys` or `offices` that does it. Start reading at `remarks`.
"""

__all__ = [
    "dossier_changes",
    "dossiers",
    "exclusions",
    "floods",
    "invitations",
    "levels",
    "remarks",
    "tablets",
]
