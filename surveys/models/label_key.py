"""The key that opens the labels of forms in closed months, itself sealed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LabelKey(models.Model):
    """There is one, made in the night that first needs it; see `surveys.labels`."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    sealed = models.BinaryField()

    class Meta:
        verbose_name = _("key of labels")
        verbose_name_plural = _("keys of labels")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="label_key_only")]

    def __str__(self) -> str:
        return str(self.pk)
