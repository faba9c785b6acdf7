"""Whoever is signed in while the software is brought up to date stays so: what they show is hashed."""

from datetime import timedelta
from hashlib import sha256
from importlib import import_module

from django.conf import settings
from django.db import migrations
from django.utils import timezone

BACKEND = "_auth_user_backend"


def take_over(apps, schema_editor):
    from django.contrib.sessions.backends.db import SessionStore

    ours = import_module("accounts.sessions").SessionStore()
    users = set(apps.get_model("offices", "User").objects.values_list("pk", flat=True))
    length = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    old = apps.get_model("sessions", "Session").objects.all()
    new = apps.get_model("accounts", "SignInSession")
    for row in old:
        held = SessionStore().decode(row.session_data)
        user = int(held.get("_auth_user_id") or 0)
        if user in users:
            held[BACKEND] = "accounts.backends.Backend"
            new.objects.create(
                key_hash=sha256(row.session_key.encode()).hexdigest(),
                user_id=user,
                data=ours.encode(held),
                began_at=row.expire_date - length,
                seen_at=timezone.now(),
                ends_at=row.expire_date,
            )
    old.delete()


def give_back(apps, schema_editor):
    """What the browsers show is known to nobody: they sign in again."""
    apps.get_model("accounts", "SignInSession").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_sign_in"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(take_over, give_back),
    ]
