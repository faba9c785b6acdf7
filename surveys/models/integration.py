"""A system of an agency that may ask us for something, such as a province's portal."""

from datetime import date, timedelta

from django.db import models
from django.db.models.functions import Cast, Now
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit

# A key that nobody renews ends: whoever it was made for may be gone.
KEY_LIVES = timedelta(days=365)


class Integration(models.Model):
    """Shows a key with each request; reaches the offices of its unit and nothing beside it.

        The key serves until `ends_on`, that day included. After a change of key the old one serves
    until `old_key_until`, that day included. Of use only     the last day is kept, of each key: no
    row tells of a request.
    """

    name = models.CharField(_("name"), max_length=100)
    unit = models.ForeignKey(
        AdministrativeUnit,
        on_delete=models.PROTECT,
        related_name="integrations",
        verbose_name=_("unit"),
    )
    # The key itself is shown once, when it is made.
    key_hash = models.BinaryField(unique=True, editable=False)
    active = models.BooleanField(_("in use"), default=True)
    made_on = models.DateField(_("key made on"), null=True, editable=False)
    ends_on = models.DateField(
        _("key serves until"), db_default=Cast(Now() + KEY_LIVES, models.DateField())
    )
    used_on = models.DateField(_("last used on"), null=True, editable=False)
    old_key_hash = models.BinaryField(unique=True, null=True, editable=False)
    old_key_until = models.DateField(_("old key serves until"), null=True, editable=False)
    old_key_used_on = models.DateField(_("old key last used on"), null=True, editable=False)

    class Meta:
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def old_key_serves(self, day: date) -> bool:
        """Whether the key before this one is still taken on `day`."""
        return self.active and self.old_key_until is not None and day <= self.old_key_until

    def has_ended(self, day: date) -> bool:
        """Whether the time of the key is over on `day`."""
        return day > self.ends_on
