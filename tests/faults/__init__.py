"""Faults of the machine under the real processes; those of a night: `make faults`."""
