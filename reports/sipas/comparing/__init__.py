"""Which differences between offices are real: tests, ranks, the funnel, a common mix of fields."""
