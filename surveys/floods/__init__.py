"""How many forms an office may expect, and which ones stand beside because more came.

Once a night, from counts alone: `expecting` and `bounds` are pure arithmetic, `judging` counts in
PostgreSQL and holds whole cells, `deciding` is what somebody above does with them, `levels` says
which evidence counts at all. It may use flags, exclusions, labels and models. Start reading at
`judging`.
"""

__all__ = ["bounds", "deciding", "expecting", "judging", "levels"]
