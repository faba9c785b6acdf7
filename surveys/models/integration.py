"""A system of an agency that may ask us for something, such as a province's portal."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import AdministrativeUnit


class Integration(models.Model):
    """Shows a key with each request; reaches the offices of its unit and nothing beside it."""

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

    class Meta:
        verbose_name = _("integration")
        verbose_name_plural = _("integrations")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
