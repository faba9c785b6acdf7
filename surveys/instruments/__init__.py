"""Questionnaires as files: one per version, read by `reader`, put into the tables by `load`."""
