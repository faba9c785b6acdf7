"""The way in when no other is left: a code from a sealed envelope, loud wherever it is used.

`manage.py break_glass ACCOUNT` makes it on the machine and prints it once. It signs the account in
once, without password and second factor, also where the account was closed.
"""

import logging
import secrets

from django.db import transaction
from django.utils import timezone

from accounts.models import EmergencyCode
from accounts.sealing import hashed
from audit.recording import record
from offices.access import may
from offices.models import User
from offices.rights import Action

logger = logging.getLogger(__name__)

# Without letters and digits that look alike; 120 bits.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, IN_A_GROUP = 6, 4
# What says in a session that it was opened so.
OPENED_SO = "emergency"


class NotAnAdministrator(Exception):
    """The account cannot manage accounts: a code for it would help nobody."""


def make_code(user: User) -> str:
    """A new code for an account, in the place of an older one. Raises NotAnAdministrator."""
    if not may(user, Action.MANAGE_ACCOUNTS):
        raise NotAnAdministrator(user.username)
    code = "-".join(
        "".join(secrets.choice(LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS)
    )
    with transaction.atomic():
        EmergencyCode.objects.update_or_create(
            user=user, defaults={"code_hash": _hash(code), "made_at": timezone.now()}
        )
        record("break_glass.made", subject=user.username)
    logger.warning("an emergency code was made for account %d", user.pk)
    return code


def _hash(code: str) -> str:
    return hashed("".join(letter for letter in code.lower() if letter in LETTERS))


def use_code(name: str, code: str) -> User | None:
    """The account with this name, opened, if the code is its own; the code is gone then.

    None also for an account that manages no accounts any more: there is nothing it could help with.
    """
    with transaction.atomic():
        found = EmergencyCode.objects.select_for_update().select_related("user")
        kept = found.filter(user__username=name).first()
        if kept is None or not secrets.compare_digest(kept.code_hash, _hash(code)):
            return None
        user = kept.user
        was_closed, user.is_active = not user.is_active, True
        if not may(user, Action.MANAGE_ACCOUNTS):
            return None
        kept.delete()
        if was_closed:
            user.save(update_fields=["is_active"])
    logger.error("THE GLASS IS BROKEN: account %d was signed in with its emergency code", user.pk)
    return user
