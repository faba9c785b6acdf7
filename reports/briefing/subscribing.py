"""Asking for the letter of the night, and ending it: on a page, or by the link in the letter."""

from django.core.signing import BadSignature, Signer

from offices.models import User
from reports.models import Subscription

# The link is good as long as the subscription it was made for: a later one has another number.
SALT = "reports.subscription"


def subscription_of(user: User) -> Subscription | None:
    """What this person asked for; None where nothing."""
    return Subscription.objects.filter(user=user).first()


def subscribe(user: User) -> None:
    """Asks for the letter; asking again changes nothing."""
    Subscription.objects.bulk_create([Subscription(user=user)], ignore_conflicts=True)


def unsubscribe(user: User) -> None:
    """Ends it; without one nothing happens."""
    Subscription.objects.filter(user=user).delete()


def token_of(subscription: Subscription) -> str:
    """What the link in a letter ends with."""
    return Signer(salt=SALT).sign_object(subscription.pk)


def end_by_token(token: str) -> bool:
    """Ends the subscription of a letter; False where the token is none of ours.

    True as well where it has ended before: the link says the same however often it is opened.
    """
    if not is_token(token):
        return False
    Subscription.objects.filter(pk=Signer(salt=SALT).unsign_object(token)).delete()
    return True


def is_token(token: str) -> bool:
    """Whether a text is the token of some letter of ours."""
    try:
        Signer(salt=SALT).unsign_object(token)
    except BadSignature:
        return False
    return True
