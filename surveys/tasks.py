"""What Celery runs for surveys."""

from celery import shared_task

from surveys import settling
from surveys.invitations import destroying


@shared_task(name="surveys.tasks.settle")  # type: ignore[untyped-decorator]  # Celery has no types
def settle() -> None:
    """Closes what citizens left unfinished."""
    settling.settle()


@shared_task(name="surveys.tasks.destroy_keys")  # type: ignore[untyped-decorator]
def destroy_keys() -> None:
    """Destroys the keys of invitations that have ended."""
    destroying.destroy_keys()
