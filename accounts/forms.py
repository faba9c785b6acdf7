"""What officials fill in to sign in and to keep their account."""

from struct import error as CutOff  # noqa: N812 -- it is a class
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.contrib.auth import password_validation
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.adapters import CODE_IS_WRONG, KEY_IS_WRONG
from offices.models import User

WRONG = _(
    "The name or the password is not right. Mind capital letters. After several wrong ones you "
    "have to wait before the next."
)

NOT_YOURS = _("This is not your password. Type it again.")
# What reading the answer of a passkey raises where no browser has made it.
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, CutOff)


class SignInForm(forms.Form):
    """A name and a password."""

    username = forms.CharField(
        label=_("Name of the account"),
        max_length=150,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    """One's password, once more."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new_password = forms.CharField(
        label=_("New password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 14 letters; several words in a row are easy to remember."),
    )
    repeated = forms.CharField(
        label=_("New password, once more"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:  # Any: Django's
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_new_password(self) -> str:
        """The new password, if it is good enough."""
        password: str = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:  # Any: Django's
        """Both have to be the same."""
        given = super().clean() or {}
        first, second = given.get("new_password"), given.get("repeated")
        if first and second and first != second:
            self.add_error("repeated", _("The two new passwords differ. Type both once more."))
        return given


class ChangePasswordForm(NewPasswordForm):
    """The present password, and a new one twice."""

    password = forms.CharField(
        label=_("Your present password"),
        max_length=4096,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["password", "new_password", "repeated"]


class ForgottenForm(forms.Form):
    """The mail address of whoever has forgotten a password."""

    email = forms.EmailField(
        label=_("Mail address of your account"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class EmergencyForm(forms.Form):
    """The code from the envelope."""

    wrong = _("The name or the code is not right. A code is good once.")
    username = forms.CharField(
        label=_("Name of the account"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    code = forms.CharField(
        label=_("Code from the envelope"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class OnlyOnce:
    """A code of the app is good once, whichever process of the servers sees it."""

    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code. Raises ValidationError for a wrong one, and for one that was used before."""
        code: str = super().clean_code()  # type: ignore[misc]
        if self.authenticator.type == Authenticator.Type.TOTP and not take_code(
            self.authenticator, code
        ):
            raise forms.ValidationError(CODE_IS_WRONG)
        return code


def take_code(totp: Authenticator, code: str) -> bool:
    """Whether no code of this half minute or a later one was taken before; then it is taken."""
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=totp.pk)
        secret = decrypt(row.data["secret"])
        fitting = [
            counter
            for counter in yield_hotp_counters_from_time()
            if compare_user_code(
                actual=code, expected=format_hotp_value(hotp_value(secret, counter))
            )
        ]
        if not fitting or fitting[-1] <= row.data.get("counter", 0):
            return False
        row.data = {**row.data, "counter": fitting[-1]}
        row.save(update_fields=["data"])
    totp.data = row.data
    return True


class CodeForm(OnlyOnce, AuthenticateForm):
    """The code of an app, or one of the recovery codes."""

    code = _code_field()


class CodeAgainForm(OnlyOnce, ReauthenticateForm):
    """The same from somebody who is signed in."""

    code = _code_field()


class AppForm(ActivateTOTPForm):
    """The first code of an app that was just set up."""

    code = _code_field()


class KeyForm(AuthenticateWebAuthnForm):
    """The answer of a passkey. What no browser would send is a wrong one and no error of ours."""

    def clean_credential(self) -> Authenticator:
        """The passkey. Raises ValidationError for whatever is none of the account."""
        try:
            return super().clean_credential()
        except UNREADABLE:
            raise forms.ValidationError(KEY_IS_WRONG) from None


class KeyAgainForm(KeyForm, ReauthenticateWebAuthnForm):
    """The same from somebody who is signed in."""


class PasskeyForm(AddWebAuthnForm):
    """A new passkey, and what its owner calls it."""

    name = forms.CharField(label=_("What you call it"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:  # Any: Django's
        """What was sent. Raises ValidationError for what no browser would send."""
        try:
            found: dict[str, Any] = super().clean()
        except UNREADABLE:
            raise forms.ValidationError(KEY_IS_WRONG) from None
        return found
