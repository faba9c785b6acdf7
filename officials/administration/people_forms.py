"""The forms with which accounts are made, corrected and given roles."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.people import clean_name
from offices.giving import Obstacle, roles_given_by, scope_of_place
from offices.models import User
from offices.rights import Action, Role, Scope, scopes_of
from officials.administration.place_forms import PlaceForm
from officials.fields import frameless

# Why a role is not given or taken, or an account not changed.
SENTENCES: Mapping[Obstacle, Promise] = {
    Obstacle.SELF: _(
        "Nobody changes their own roles or account here. Ask somebody else who manages accounts."
    ),
    Obstacle.WRONG_SCOPE: _("This role cannot be held there. Choose another place or role."),
    Obstacle.NOT_YOURS: _(
        "Your own roles do not give this role away. Ask who manages accounts of the unit above."
    ),
    Obstacle.OUTSIDE: _(
        "This place is not one of yours. Ask who manages accounts of the unit above."
    ),
    Obstacle.HELD: _("The person holds this role there already."),
    Obstacle.CLOSED: _("The account is closed. Reopen it first."),
    Obstacle.ABOVE: _(
        "The account also holds roles that you do not give. Ask who manages accounts of the unit "
        "above."
    ),
    Obstacle.LAST: _(
        "Nobody else could manage the accounts of this place then. Give somebody else a role that "
        "manages accounts first."
    ),
}
WHERE = {
    "country": _("the country"),
    "province": _("a province"),
    "unit": _("a commune"),
    "office": _("an office"),
}


class RoleField(forms.ChoiceField):
    """Offers the roles that the reader gives, and takes any: what is refused is to be recorded."""

    def valid_value(self, value: Any) -> bool:  # Any: as Django's
        """Whether there is such a role."""
        return value in Role.values


class RoleForm(PlaceForm):
    """A role and where it is held; whether the reader gives it there is asked by who gives it."""

    action = Action.MANAGE_ACCOUNTS
    role = RoleField(
        label=_("Role"),
        error_messages={
            "required": _("Choose a role."),
            "invalid_choice": _("Choose one of the roles that you give."),
        },
    )

    def __init__(self, by: User, data: Any = None, **given: Any) -> None:
        # Any: what a request sent; Django's own options
        super().__init__(by, data, **given)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 - for the type checker
        role.choices = [
            ("", _("Choose …")),
            *((one, capfirst(one.label)) for one in roles_given_by(by)),
        ]

    def wanted_scopes(self) -> Collection[Scope]:
        """Where the chosen role may be held."""
        role = str(self["role"].value() or "")
        return scopes_of(Role(role)) if role in Role.values else self.scopes

    def clean(self) -> dict[str, Any]:  # Any: as Django's
        """As of a place; an error says that the role is not held there."""
        cleaned = super().clean()
        where, role = cleaned["where"], cleaned.get("role")
        if where is not None and role and scope_of_place(where) not in scopes_of(Role(role)):
            self.add_error("role", str(SENTENCES[Obstacle.WRONG_SCOPE]))
        return cleaned


class InvitationForm(RoleForm):
    """Whom to invite, and the first role."""

    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the full name, such as Nguyễn Văn An.")},
    )
    username = forms.CharField(
        label=_("User name"),
        help_text=_("With which the person signs in. Left empty, it is made from the name."),
        max_length=150,
        required=False,
        validators=[UnicodeUsernameValidator()],
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("The link for the first sign-in is sent there. Without one you hand it over."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order: Sequence[str] = ("full_name", "username", "email", "role", "search", "place")
    helper = frameless("full_name", "username", "email", "role")

    def clean_full_name(self) -> str:
        """Composed, with single blanks."""
        return clean_name(self.cleaned_data["full_name"])


class GivingForm(RoleForm):
    """Another role for a person."""

    helper = frameless("role")


class CorrectionForm(forms.Form):
    """The name and address of an account."""

    use_required_attribute = False
    full_name = forms.CharField(
        label=_("Full name"),
        max_length=150,
        error_messages={"required": _("Give the full name, such as Nguyễn Văn An.")},
    )
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("Links for signing in are sent there."),
        max_length=254,
        required=False,
    )
    helper = frameless("full_name", "email")

    def clean_full_name(self) -> str:
        """Composed, with single blanks."""
        return clean_name(self.cleaned_data["full_name"])
