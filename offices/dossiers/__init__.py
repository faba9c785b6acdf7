"""How many dossiers offices have finished: read from a file (`file`), stored or refused (`store`).

A file is taken whole or not at all. It knows offices and fields only. Every change is
written into a ledger; whoever is measured changes nothing that another told, and closed months
change by two persons (`proposing`). Start reading at `store`.
"""

__all__ = ["checking", "entering", "file", "portal", "proposing", "store"]
