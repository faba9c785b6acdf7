"""Who is signed in, where."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import User


class SignInSession(models.Model):
    """A browser that is signed in, or about to be (`user` is empty until it is).

    `key_hash` is the SHA-256 of what the browser's cookie says, `data` is sealed: whoever reads the
    table signs in as nobody. A session that has ended stays for a day without its data, so that
    what was typed in it finds its account.
    """

    key_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    data = models.TextField()
    began_at = models.DateTimeField(_("began"))
    seen_at = models.DateTimeField(_("last seen"))
    ends_at = models.DateTimeField(_("ends at the latest"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    browser = models.CharField(_("browser"), max_length=80, blank=True)
    source = models.GenericIPAddressField(_("address"), null=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        indexes = [models.Index(fields=["seen_at"])]

    def __str__(self) -> str:
        return f"{self.pk} of {self.user_id}"
