"""Screens on walls that show one office's released figure, each by an address of its own."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office
from reports.models.rule import ProofRule


class Screen(models.Model):
    """A screen; its address is made of its key and ours, so nothing here opens it.

    words: where it hangs. revoked_on: from then on its address shows nothing.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="screens")
    words = models.CharField(max_length=80)
    made_on = models.DateField()
    revoked_on = models.DateField(null=True)

    proof: ClassVar[ProofRule] = ProofRule(
        left=dict.fromkeys(
            ("id", "office", "words", "made_on", "revoked_on"),
            "says where a figure is shown, and no figure",
        )
    )

    class Meta:
        verbose_name = _("screen")
        verbose_name_plural = _("screens")

    def __str__(self) -> str:
        return self.words
