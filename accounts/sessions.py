"""Sessions of officials."""

from django.contrib.sessions.models import Session

from offices.models import User


def end_sessions(user: User) -> None:
    """Signs the user out everywhere."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
