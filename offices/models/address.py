"""Former short names of offices, which lead to them for ever."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models.office import Office


class OfficeAddress(models.Model):
    """A short name that an office had. The database writes it whenever one changes.

    Printed codes, links and tablets name it, so it is never changed or deleted and never becomes
    another office's; triggers see to that, whoever writes (offices/0007).
    """

    slug = models.SlugField(_("former short name"), max_length=60, unique=True)
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, related_name="former_addresses", verbose_name=_("office")
    )
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("former short name")
        verbose_name_plural = _("former short names")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
