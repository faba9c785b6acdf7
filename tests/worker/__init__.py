"""Tests against a real Celery worker process over Redis."""
