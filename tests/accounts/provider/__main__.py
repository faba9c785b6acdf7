"""`python -m tests.accounts.provider PORT CALLBACK`: serves until it is ended.

Its people: `lan` with a verified address, `gia` with an address that nobody has verified.
"""

import os
import sys
from wsgiref.simple_server import make_server

import django
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

PASSWORD = "mat-khau-cua-tinh"
PEOPLE = {"lan": True, "gia": False}


def main(port: int, callback: str) -> None:
    """Makes tables, people and the one client, and serves."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.accounts.provider.settings"
    django.setup()
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth import get_user_model

    call_command("migrate", verbosity=0)
    for name, is_verified in PEOPLE.items():
        user = get_user_model().objects.create_user(name, "lan@example.vn", PASSWORD)
        EmailAddress.objects.create(
            user=user,
            email="lan@example.vn" if is_verified else "tam@example.vn",
            verified=is_verified,
            primary=True,
        )
    client = Client(
        id="hailong",
        name="Hài Lòng",
        scopes="openid\nprofile\nemail",
        redirect_uris=callback,
        skip_consent=True,
    )
    client.set_secret("bi-mat-cua-client")
    client.save()
    make_server("127.0.0.1", port, get_wsgi_application()).serve_forever()


main(int(sys.argv[1]), sys.argv[2])
