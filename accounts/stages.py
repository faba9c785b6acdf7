"""The step between password and second factor, in which nobody is signed in yet."""

from allauth.mfa.stages import AuthenticateStage
from django.http import HttpResponse
from django.utils.crypto import constant_time_compare

FOR = "password_of"  # a fingerprint of the account's password


class SecondFactorStage(AuthenticateStage):
    """allauth's, but it ends when the password changes or the account is closed meanwhile."""

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Remembers with which password somebody has come here."""
        response, goes_on = super().handle()
        if response is not None and self.login.user is not None:
            self.state[FOR] = self.login.user.get_session_auth_hash()
        return response, goes_on

    def is_good(self) -> bool:
        """Whether account and password are still those with which somebody has come here."""
        user = self.login.user
        return user.is_active and constant_time_compare(
            self.state.get(FOR, ""), user.get_session_auth_hash()
        )
