"""What an office's officials do: remarks, tablets, invitations, exclusions, files they bring in.

Each page hands over to the room of `surveys` or `offices` that does it. Start reading at
`remark_queue`.
"""

__all__ = [
    "auditing",
    "dossier_changes",
    "dossiers",
    "exclusions",
    "floods",
    "invitations",
    "levels",
    "plans",
    "remark_queue",
    "remark_themes",
    "remarks",
    "tablets",
    "unit_remarks",
]
