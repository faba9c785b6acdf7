"""Links with which a colleague lets somebody in: an invitation, a new password, a new factor.

A link is good once and for 72 hours; a newer one of the same purpose ends the older, and so does
whatever makes it needless: a new password, another mail address, closing. Only its SHA-256 is
stored. Whether `by` may do this is asked by the page that calls, and once more when the link is
used: the account may hold more by then than they give.
"""

import logging
import secrets
from datetime import timedelta
from smtplib import SMTPException
from threading import Thread

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from accounts.models import OneTimeLink
from accounts.sealing import hashed
from accounts.sessions import end_sessions
from accounts.throttle import forget_devices
from audit.recording import record
from offices.giving import as_now, obstacle_to_acting_on
from offices.locks import Lock, wait_for
from offices.models import User

logger = logging.getLogger(__name__)

Purpose = OneTimeLink.Purpose
GOOD_FOR = timedelta(hours=72)
GOOD_FOR_OWN = timedelta(hours=1)  # a link that somebody has asked for without being signed in


def one_time_link(user: User, purpose: str, by: User | None) -> str:
    """A link for an account, as a whole address. by: who made it; None: its owner, by mail.

    Raises ValueError for a purpose that is none.
    """
    token, now = secrets.token_urlsafe(32), timezone.now()
    wanted = Purpose(purpose)
    with transaction.atomic():
        OneTimeLink.objects.update_or_create(
            user=user,
            purpose=wanted,
            defaults={
                "token_hash": hashed(token),
                "made_by": by,
                "made_at": now,
                "ends_at": now + (GOOD_FOR if by else GOOD_FOR_OWN),
            },
        )
        record("link.made", subject=user.username, details={"purpose": wanted.value})
    return settings.PUBLIC_ADDRESS + reverse("one_time_link", args=[token])


def find(token: str) -> OneTimeLink | None:
    """The link with this token, if it is still good."""
    good = OneTimeLink.objects.filter(token_hash=hashed(token), ends_at__gt=timezone.now())
    found = good.select_related("user", "made_by").first()
    return found if found is not None and _is_still_theirs(found) else None


def _is_still_theirs(link: OneTimeLink) -> bool:
    """Whether whoever made the link could make it now.

    They may have seen it: else a head who keeps the link of a clerk could sign in as the officer
    that the clerk becomes.
    """
    if link.made_by is None or link.made_by_id == link.user_id:
        return True
    by, person = as_now(link.made_by), as_now(link.user)
    return by.is_active and obstacle_to_acting_on(by, person) is None


@transaction.atomic
def use(link: OneTimeLink) -> bool:
    """Uses a link up; False if somebody else has just done so, or it is good no more.

    Nobody gives the account another role until the caller's transaction ends.
    """
    wait_for(Lock.ACCOUNTS, 0)
    return _is_still_theirs(link) and bool(
        OneTimeLink.objects.filter(
            pk=link.pk, token_hash=link.token_hash, ends_at__gt=timezone.now()
        ).delete()[0]
    )


def end_links(user: User, *purposes: str) -> int:
    """Ends links that nobody has used: those of the purposes, or all; how many."""
    found = OneTimeLink.objects.filter(user=user)
    if purposes:
        found = found.filter(purpose__in=purposes)
    return found.delete()[0]


def remove_second_factors(user: User) -> int:
    """Removes all second factors of an account and ends its sessions; how many there were.

    The provider's number of its owner goes too: they are found anew by what the provider vouches.
    """
    removed: int = Authenticator.objects.filter(user=user).delete()[0]
    SocialAccount.objects.filter(user=user).delete()
    end_sessions(user)
    forget_devices(user)
    return removed


def _texts(link: str) -> dict[Purpose, tuple[str, str]]:
    return {
        Purpose.INVITE: (
            _("Your account in Hài Lòng"),
            _(
                "An account was made for you in Hài Lòng, where answers of citizens about one-stop "
                "shops are read. Open this link within 72 hours and choose a password:\n\n"
                "%(link)s\n\nThe link is good once. Give it to nobody."
            ),
        ),
        Purpose.RESET_PASSWORD: (
            _("A new password for Hài Lòng"),
            _(
                "With this link you choose a new password for your account in Hài Lòng:\n\n"
                "%(link)s\n\nThe link is good once and for a short time. If you have not asked "
                "for it, leave it: your password stays as it is."
            ),
        ),
        Purpose.RESET_SECOND_FACTOR: (
            _("A new second factor for Hài Lòng"),
            _(
                "With this link and your password you set up a new second factor for your account "
                "in Hài Lòng:\n\n%(link)s\n\nThe link is good once and for 72 hours. Give it to "
                "nobody."
            ),
        ),
    }


def send_link(user: User, purpose: str, link: str) -> bool:
    """Sends a link by mail; False if it cannot be sent: then it is shown, to hand it over."""
    if not user.email or not settings.EMAIL_HOST:
        return False
    subject, body = _texts(link)[Purpose(purpose)]
    return _send(user, subject, body % {"link": link})


def _send(user: User, subject: str, body: str) -> bool:
    try:
        sent = EmailMessage(subject, body, to=[user.email]).send()
    except (OSError, SMTPException) as error:
        logger.warning("a link for account %d could not be sent: %s", user.pk, type(error).__name__)
        return False
    return bool(sent)


def mail_own(address: str) -> None:
    """Sends links for new passwords to an address that accounts have; nothing to any other.

    By a thread, so that how long it takes does not tell whether there is an account.
    """
    users = list(User.objects.filter(email__iexact=address, is_active=True)[:5])
    if users:
        Thread(target=_mail_each, args=[users, get_language()], daemon=True).start()


def mail_one(user: User) -> None:
    """Sends a link for a new password, or says who has made one: a stranger may have asked."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        kept = OneTimeLink.objects.filter(user=user, purpose=Purpose.RESET_PASSWORD)
        stands = kept.filter(made_by__isnull=False, ends_at__gt=timezone.now()).exists()
        link = "" if stands else one_time_link(user, Purpose.RESET_PASSWORD, None)
    if link:
        send_link(user, Purpose.RESET_PASSWORD, link)
    elif settings.EMAIL_HOST:
        _send(
            user,
            _("A new password for Hài Lòng"),
            _(
                "Somebody has asked for a new password for your account in Hài Lòng. An "
                "administrator has made a link for you that is still good: open that one, or ask "
                "them for another. If you have not asked for it, leave it: your password stays as "
                "it is."
            ),
        )


def _mail_each(users: list[User], language: str) -> None:
    try:
        with override(language):
            for user in users:
                mail_one(user)
    finally:
        connection.close()
