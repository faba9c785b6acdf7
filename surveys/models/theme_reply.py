"""What an office answered to several remarks of a theme at once: "you said, we did"."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office, User
from surveys.models.remark import Theme


class ThemeReply(models.Model):
    """One answer, which stands on the receipt of every remark that it was written for.

    It holds no remark and leads to none. `tens`: for how many it was written, in whole tens, so 0
    for fewer than ten. Everybody reads it once it is published.
    """

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="theme_replies")
    theme = models.PositiveSmallIntegerField(_("theme"), choices=Theme)
    text = models.TextField(_("text"))
    day = models.DateField(_("day"))
    tens = models.PositiveIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published"), null=True)
    simulated = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer for a theme")
        verbose_name_plural = _("answers for themes")
        ordering = ["-day", "-pk"]

    def __str__(self) -> str:
        return f"{self.office_id} {self.theme} {self.day}"
