"""Links for one dossier each: how they are made, read and counted, and how it is forgotten."""
