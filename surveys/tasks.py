"""What Celery runs for surveys."""

from celery import shared_task

from surveys import settling


@shared_task(name="surveys.tasks.settle")  # type: ignore[untyped-decorator]  # Celery has no types
def settle() -> None:
    """Closes what citizens left unfinished."""
    settling.settle()
