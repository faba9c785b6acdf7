"""What was typed when a session ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import User


class Draft(models.Model):
    """The fields of a form that was sent after its session had ended, sealed, for one day."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    path = models.CharField(max_length=500)
    sealed = models.BinaryField()
    made_at = models.DateTimeField(_("made"), db_index=True)

    class Meta:
        verbose_name = _("unsent form")
        verbose_name_plural = _("unsent forms")
        constraints = [models.UniqueConstraint(fields=["user", "path"], name="one_draft_of_a_page")]

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"
