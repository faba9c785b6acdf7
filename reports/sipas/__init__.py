"""The arithmetic of the index: numpy and the standard library, no Django, no database."""
