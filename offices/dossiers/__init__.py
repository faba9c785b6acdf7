"""How many dossiers offices have finished: read from a file (`file`), stored or refused (`store`).

A file is taken whole or not at all. It knows offices and fields only. Start reading at `store`.
"""

__all__ = ["file", "store"]
