"""Browsers that have signed in before, and how often somebody failed to."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import User


class Device(models.Model):
    """A browser in which somebody has signed in; it shows a cookie of which this is the SHA-256."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    key_hash = models.CharField(max_length=64)
    browser = models.CharField(_("browser"), max_length=80, blank=True)
    first_at = models.DateTimeField(_("first sign-in"))
    last_at = models.DateTimeField(_("last sign-in"))

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(fields=["user", "key_hash"], name="device_of_a_user_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"


class Bucket(models.Model):
    """What was tried in vain, for one account and device, account, or address.

    `key` is the keyed SHA-256 of what it counts for.
    """

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField()
    until = models.DateTimeField()
    last_at = models.DateTimeField(db_index=True)
    was_told = models.BooleanField()

    class Meta:
        verbose_name = _("failed attempts")
        verbose_name_plural = _("failed attempts")

    def __str__(self) -> str:
        return f"{self.failures}"
