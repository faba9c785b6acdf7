"""Notes to the counter: this office and day have changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office


class Mark(models.Model):
    """Append-only. The recount deletes the marks it sees, then counts in a later statement."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        indexes = [models.Index("office", name="mark_office")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}"
