"""How allauth is to behave here: what it asks of us, and in which words it speaks."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import oidc
from accounts.drafts import offers
from accounts.sealing import opened, sealed
from accounts.sources import actor_of, needs_no_second_factor
from accounts.throttle import remember_device
from audit.recording import record
from offices.models import User

PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SECRETS = "second factors"
CODE_IS_WRONG = gettext_lazy(
    "This code is not right. A code is good for half a minute and once: wait for the next one. "
    "If it is wrong again, set the clock of your telephone."
)
KEY_IS_WRONG = gettext_lazy("The passkey was not accepted. Try again, or choose another way.")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: nobody signs up, allauth's own messages are not shown."""

    error_messages: dict[str, str | Promise] = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_password": gettext_lazy("This is not your password. Type it again."),
        "enter_current_password": gettext_lazy("This is not your password. Type it again."),
        "rate_limited": gettext_lazy("Too many attempts. Wait a little."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by administrators."""
        return False

    def add_message(self, *_args: Any, **_kwargs: Any) -> None:  # Any: as allauth calls it
        """Nothing: our pages say themselves what happened."""

    def send_notification_mail(self, *_args: Any, **_kwargs: Any) -> None:  # Any: as above
        """Nothing: changes stand in the audit."""

    def get_login_stages(self) -> list[str]:
        """After the password comes the second factor, if there is one."""
        return ["accounts.stages.SecondFactorStage"]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # Any: allauth's
        """Not from whoever has signed in a moment ago, nor where there is nothing to show."""
        request = context.request
        if not self.get_reauthentication_methods(request.user):
            return False
        shown = get_authentication_records(request, request.user)
        fresh = (
            bool(shown)
            and time.time() - shown[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        )
        return not fresh and bool(super().is_reauthentication_required(app=app, **kwargs))

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Whoever is closed is not let in; only a provider of identities leads here."""
        return oidc.refused(request)

    def post_login(
        self, request: HttpRequest, user: Any, **kwargs: Any
    ) -> HttpResponse:  # Any: as allauth calls it
        """Remembers the device, writes the audit, offers what was left unsent."""
        response = super().post_login(request, user, **kwargs)
        is_new = remember_device(request, response, user)
        record(
            "signin.done",
            subject=user.username,
            details={"by": methods(request, user), "device": "new" if is_new else "known"},
            by=actor_of(request, user),
        )
        unsent = offers(user)
        if unsent:
            response["Location"] = unsent
        return response


def methods(request: HttpRequest, user: User) -> list[str]:
    """How somebody showed in this session who they are, such as `["password", "totp"]`."""
    records = get_authentication_records(request, user)
    return [str(one.get("type") or one.get("method")) for one in records]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are sealed, their names are in the reader's language."""

    error_messages: dict[str, str | Promise] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": CODE_IS_WRONG,
        "cannot_delete_authenticator": gettext_lazy(
            "This second factor is your last one. Set up another one before you remove it."
        ),
    }

    def encrypt(self, text: str) -> str:
        """The secret, sealed."""
        return sealed(text, SECRETS)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret."""
        return opened(encrypted_text, SECRETS)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not the last one of somebody who needs one here."""
        others = Authenticator.objects.filter(user=authenticator.user_id, type__in=PRIMARY)
        if others.exclude(pk=authenticator.pk).exists():
            return True
        return needs_no_second_factor(context.request)

    def get_totp_label(self, user: Any) -> str:  # Any: allauth's user
        """What the app on the telephone calls the account."""
        return str(user.get_username())

    def _get_user_identifier(self, user: Any) -> str:  # Any: allauth's user
        return str(user.get_username())

    def _get_site_name(self) -> str:
        return "Hài Lòng"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # Any: as allauth calls it
        """The name that a new passkey is given until its owner gives another."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": count + 1}
