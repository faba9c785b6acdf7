"""What keeps an account open, or opens it when nothing else does."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import User


class Opening(models.Model):
    """When a closed account was opened again: from then on it is counted as unused anew."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="opening")
    at = models.DateTimeField(_("opened"))

    class Meta:
        verbose_name = _("opening of an account")
        verbose_name_plural = _("openings of accounts")

    def __str__(self) -> str:
        return f"{self.user_id}"


class EmergencyCode(models.Model):
    """A code in a sealed envelope that signs an account in once; kept as its SHA-256."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="emergency_code")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("emergency code")
        verbose_name_plural = _("emergency codes")

    def __str__(self) -> str:
        return f"{self.user_id}"
