"""Starts everything on one machine, for the demo, the tests and the checks; knows no Django."""
