"""Who a name and a password belong to."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.http import HttpRequest

from offices.access import account_with
from offices.models import User

OLD = f"{PBKDF2PasswordHasher.algorithm}$"


class Backend(ModelBackend):
    """Django's, but it takes as long for an unknown name, and for an account that is closed."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_others: Any,  # Any: Django's credentials of other backends
    ) -> User | None:
        """The account; None for a wrong password, an unknown name and a closed account alike."""
        if not username or password is None:
            return None
        user = User.objects.filter(username=username).first()
        was_old = user is not None and user.password.startswith(OLD)
        if user is None or not user.has_usable_password():
            make_password(password)  # takes as long as looking one up
        elif user.check_password(password) and self.user_can_authenticate(user):
            return user
        _take_as_long_as_the_other(password, was_old)
        return None

    def get_user(self, user_id: int) -> User | None:
        """Whose session it is, with what they hold; None for an account that is closed."""
        user = account_with(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None


def _take_as_long_as_the_other(password: str, was_old: bool) -> None:
    """While some passwords are hashed in the old way, a wrong one is hashed in both."""
    if was_old:
        make_password(password)
    elif User.objects.filter(password__startswith=OLD).exists():
        PBKDF2PasswordHasher().encode(password, "as long as ours")
