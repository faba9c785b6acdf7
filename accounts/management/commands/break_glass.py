"""`manage.py break_glass ACCOUNT`: makes the code for the sealed envelope."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from accounts.emergency import NotAnAdministrator, make_code
from audit.actors import Actor, acting
from offices.models import User


class Command(BaseCommand):
    """Prints the code once; a new one takes the place of the old."""

    help = "Makes a code that signs an account in once when no other way is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="ACCOUNT", help="its name; it manages accounts")

    def handle(self, *args: object, account: str, **options: object) -> None:
        """Raises CommandError for an account that does not exist or manages no accounts."""
        user = User.objects.filter(username=account).first()
        if user is None:
            raise CommandError(f"There is no account {account}.")
        try:
            with acting(Actor("break_glass")):
                code = make_code(user)
        except NotAnAdministrator:
            raise CommandError(
                f"{account} manages no accounts: name one that does, such as an operator's."
            ) from None
        self.stdout.write(
            f"{code}\n\nThis code is shown once. Print it, seal it in an envelope and keep it in "
            "a safe.\nWhoever opens it signs in at /dang-nhap/khan-cap/ with the name of the "
            f"account, {account}.\nIt is good once, and its use is written into the audit."
        )
