"""Asking for mail, and ending it: on a page, or by the link in a letter.

Two things may be asked for: the letter of the night, and news of closed periods of a place. One row
a person says which night's mail they had, so that both together are at most one a night.
"""

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import Max, QuerySet

from offices.models import Office, User
from reports.briefing.placing import Place
from reports.counting.closing import closed_through
from reports.models import Following, Subscription

# The link is good as long as the subscription it was made for: a later one has another number.
SALT = "reports.subscription"
# What a link ends: the number of a letter of the night, or whose places up to which number, and
# with them perhaps such a letter.
NIGHTLY, PLACES, BOTH = 1, 2, 3


def subscription_of(user: User) -> Subscription | None:
    """The letter of the night that this person asked for; None where they did not."""
    return Subscription.objects.filter(user=user, nightly=True).first()


def post_of(user: User) -> Subscription | None:
    """What became of this person's mails, whatever they asked for; None where nothing."""
    return Subscription.objects.filter(user=user).first()


def _alone(user_id: int) -> None:
    """One change of what a person asked for at a time: of two at once one would miss the other."""
    list(User.objects.select_for_update().filter(pk=user_id).values_list("pk"))


@transaction.atomic
def subscribe(user: User) -> None:
    """Asks for the letter; asking again changes nothing."""
    _alone(user.pk)
    known = Subscription.objects.select_for_update().filter(user=user).first()
    if known is not None and not known.nightly:
        # with a number of its own, so that the link of an earlier one does not end it
        known.delete()
        Subscription.objects.create(user=user, sent_for=known.sent_for, returned=known.returned)
    else:
        Subscription.objects.bulk_create([Subscription(user=user)], ignore_conflicts=True)


@transaction.atomic
def unsubscribe(user: User) -> None:
    """Ends the letter of the night; without one nothing happens."""
    _alone(user.pk)
    _end_letter(Subscription.objects.filter(user=user).first())


def _end_letter(subscription: Subscription | None) -> None:
    """The row stays while there are places: it says which night's mail this person had."""
    if subscription is None:
        return
    if Following.objects.filter(user=subscription.user_id).exists():
        Subscription.objects.filter(pk=subscription.pk).update(nightly=False)
    else:
        subscription.delete()


@transaction.atomic
def follow(user: User, place: Place) -> None:
    """Asks for news of what closes from now on; asking again changes nothing."""
    _alone(user.pk)
    office = place if isinstance(place, Office) else None
    unit = None if isinstance(place, Office) else place
    row = Following(user=user, office=office, unit=unit, through=closed_through())
    Following.objects.bulk_create([row], ignore_conflicts=True)
    post = Subscription(user=user, nightly=False)
    Subscription.objects.bulk_create([post], ignore_conflicts=True)


def follows(user: User, place: Place) -> bool:
    """Whether this person asked for news of the place."""
    return _following(user, place).exists()


@transaction.atomic
def unfollow(user: User, place: Place) -> None:
    """Ends the news of a place; without them nothing happens."""
    _alone(user.pk)
    _following(user, place).delete()
    _without_places(user.pk)


def _following(user: User, place: Place) -> QuerySet[Following]:
    if isinstance(place, Office):
        return Following.objects.filter(user=user, office=place)
    return Following.objects.filter(user=user, unit=place)


def _without_places(user_id: int) -> None:
    """Nothing is kept of whoever asked for nothing."""
    if not Following.objects.filter(user=user_id).exists():
        Subscription.objects.filter(user=user_id, nightly=False).delete()


def token_of(subscription: Subscription) -> str:
    """What the link ends with that ends a letter of the night."""
    return Signer(salt=SALT).sign_object(subscription.pk)


def closings_token(user: User, subscription: Subscription | None = None) -> str:
    """What the link ends with that ends all places asked for until now, and perhaps a letter."""
    known = Following.objects.filter(user=user).aggregate(newest=Max("pk"))["newest"]
    letter = [] if subscription is None else [subscription.pk]
    return Signer(salt=SALT).sign_object([user.pk, known or 0, *letter])


@transaction.atomic
def end_by_token(token: str) -> bool:
    """Ends what the link of a letter names; False where the token is none of ours.

    True as well where it has ended before: the link says the same however often it is opened.
    """
    ends = ended_by(token)
    if not ends:
        return False
    named = Signer(salt=SALT).unsign_object(token)
    if ends != NIGHTLY:
        user, newest = named[:2]
        Following.objects.filter(user=user, pk__lte=newest).delete()
    if ends != PLACES:
        letter = named if ends == NIGHTLY else named[2]
        _end_letter(Subscription.objects.filter(pk=letter, nightly=True).first())
    if ends != NIGHTLY:
        _without_places(named[0])
    return True


def ended_by(token: str) -> int:
    """NIGHTLY, PLACES or BOTH: what the link with this token ends; 0 for a token of nobody's."""
    try:
        named = Signer(salt=SALT).unsign_object(token)
    except BadSignature:
        return 0
    if isinstance(named, int):
        return NIGHTLY
    return PLACES if len(named) == 2 else BOTH
