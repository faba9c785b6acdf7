"""The percentages and their intervals, by the method of the questionnaire (docs/methodology.md)."""
