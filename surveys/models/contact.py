"""How to reach who asked for a personal reply: apart, encrypted, with its own end."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Office, User


class Contact(models.Model):
    """One contact. In clear stand its office and the month in which it is deleted, nothing else.

    The key is made of the remark's and our secret, so the table leads to no remark and no answer;
    `surveys.remarks.contacts` says what `sealed` holds.
    """

    key = models.UUIDField(primary_key=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    sealed = models.BinaryField()
    delete_on = models.DateField(_("deleted on"))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index("delete_on", name="contact_delete_on")]

    def __str__(self) -> str:
        return str(self.key)


class ContactView(models.Model):
    """Somebody looked at the contact of a remark; kept also after the contact is deleted."""

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    remark_key = models.UUIDField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("view of a contact")
        verbose_name_plural = _("views of contacts")
        ordering = ["-day", "-pk"]
        indexes = [models.Index("office", "remark_key", name="contact_view_remark")]

    def __str__(self) -> str:
        return f"{self.remark_key} {self.by_id} {self.day}"
