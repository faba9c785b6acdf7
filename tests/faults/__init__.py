"""Faults of the machine under the real processes: granian, Celery, PostgreSQL, Redis."""
