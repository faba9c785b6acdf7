"""Links that open an account once: for an invitation, a new password, a lost second factor."""

from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext as _

from offices.models import User


def one_time_link(user: User, purpose: str, by: User) -> str:
    """The path of a link that serves once. purpose: `invite`, `password` or `second_factor`."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    token = default_token_generator.make_token(user)
    return reverse("one_time_link", args=[uid, token])


def send_link(user: User, purpose: str, by: User, link: str) -> bool:
    """Mails the link; False where it was not mailed: somebody has to hand it over."""
    if not user.email:
        return False
    subject = _("Your account at Hài Lòng")
    text = _(
        "Open this link to choose a password. It serves once.\n\n%(link)s\n\n"
        "Your user name: %(name)s"
    ) % {"link": link, "name": user.get_username()}
    try:
        return bool(send_mail(subject, text, None, [user.email]))
    except OSError:  # SMTPException is one, too
        return False
