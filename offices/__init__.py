"""Who serves: units and their successions, offices, counters, procedures, who may see what.

It uses no other app. Start reading at `models.unit`, which says how units change with the map;
`access` answers who may see an office, `directory` is the copy that each process keeps.
"""

__all__ = [
    "access",
    "addresses",
    "admin",
    "calendar",
    "calendar_end",
    "chain",
    "changing",
    "closing",
    "directory",
    "dossiers",
    "finding",
    "giving",
    "letters",
    "lists",
    "locks",
    "models",
    "names",
    "nearby",
    "opening",
    "proposals",
    "reading",
    "registry",
    "rights",
    "sealing",
    "search",
    "tables",
    "typed",
    "validity",
]
