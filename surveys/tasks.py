"""What Celery runs for surveys."""

from celery import shared_task
from django.urls import reverse

from offices.addresses import public_url
from surveys.intake import settling, shuffling
from surveys.invitations import destroying, inviting, mailing
from surveys.remarks import contacts, telling


@shared_task(name="surveys.tasks.settle")  # type: ignore[untyped-decorator]  # Celery has no types
def settle() -> None:
    """Closes what citizens left unfinished, and takes the order out of what came."""
    settling.settle()
    shuffling.mix()


@shared_task(name="surveys.tasks.delete_contacts")  # type: ignore[untyped-decorator]  # as above
def delete_contacts() -> None:
    """Deletes contacts whose time has come."""
    contacts.delete_every_ended()


@shared_task(name="surveys.tasks.destroy_keys")  # type: ignore[untyped-decorator]
def destroy_keys() -> None:
    """Destroys the keys of invitations that have ended."""
    destroying.destroy_keys()
    destroying.destroy_years()


@shared_task(name="surveys.tasks.send_invitations")  # type: ignore[untyped-decorator]
def send_invitations() -> None:
    """Sends the invitations that offices asked for."""
    inviting.send_asked()
    mailing.send_asked()


@shared_task(name="surveys.tasks.tell_of_replies")  # type: ignore[untyped-decorator]
def tell_of_replies() -> None:
    """Writes to whoever asked to be told of the reply to a remark."""
    telling.send_due(public_url(reverse("surveys:reply")))
