"""Who may see what. Officials have accounts; citizens have none."""

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from offices.models.office import Office
from offices.models.search_key import search_key
from offices.models.unit import AdministrativeUnit


class User(AbstractUser):
    """An official's account. The whole name stands in `last_name`, as it is written here."""

    search_key = search_key("last_name", "first_name", "username")
    # Accounts that had one address together before addresses became unique.
    email_shared = models.BooleanField(
        _("shares its e-mail address"), default=False, db_default=False, editable=False
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email="") & Q(email_shared=False),
                name="user_email_is_of_one_account",
                violation_error_message=_("Another account has this e-mail address."),
            )
        ]


class Membership(models.Model):
    """A user's role in a unit or an office: all below it is visible, nothing beside it."""

    class Role(models.TextChoices):
        """What the user does there; what a role gives stands in `offices.rights`."""

        COUNTRY_OFFICER = "country_officer", _("officer of the country")
        PROVINCIAL_OFFICER = "provincial_officer", _("provincial officer")
        UNIT_OFFICER = "unit_officer", _("officer of a unit")
        OFFICE_HEAD = "office_head", _("head of office")
        CLERK = "clerk", _("clerk")
        ANALYST = "analyst", _("analyst")
        AUDITOR = "auditor", _("auditor")
        OPERATOR = "operator", _("operator")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("unit")
    )
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, verbose_name=_("office")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit=None, office__isnull=False) | Q(unit__isnull=False, office=None),
                name="membership_is_in_a_unit_or_an_office",
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()

    def clean(self) -> None:
        """Says in the reader's language what the constraint would refuse."""
        if (self.unit_id is None) == (self.office_id is None):
            raise ValidationError({"unit": _("Choose a unit or an office, and not both.")})
