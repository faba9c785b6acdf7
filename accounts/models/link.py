"""Links that let somebody in once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import User


class OneTimeLink(models.Model):
    """A link with which somebody sets a password or a second factor; kept as its SHA-256.

    An account has one link of a purpose: a newer one takes the place of the older.
    """

    class Purpose(models.TextChoices):
        """What the link is good for."""

        INVITE = "invite", _("invitation")
        RESET_PASSWORD = "reset_password", _("new password")
        RESET_SECOND_FACTOR = "reset_second_factor", _("new second factor")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="links")
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose)
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(_("made"))
    ends_at = models.DateTimeField(_("ends"))

    class Meta:
        verbose_name = _("one-time link")
        verbose_name_plural = _("one-time links")
        constraints = [
            models.UniqueConstraint(fields=["user", "purpose"], name="one_link_of_a_purpose")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} of {self.user_id}"
