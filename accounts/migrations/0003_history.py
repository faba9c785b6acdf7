"""What opens an account is noted when it is made, changed or gone; never with its secret."""

from django.db import migrations

from audit.history import watch


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0002_old_sessions"),
        ("audit", "0002_chain"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        watch("mfa_authenticator", but=("last_used_at",), hidden=("data",)),
        watch("socialaccount_socialaccount", but=("last_login", "extra_data"), hidden=("uid",)),
        watch("socialaccount_socialapp", hidden=("secret", "key", "settings")),
        watch("accounts_onetimelink", hidden=("token_hash",)),
        watch("accounts_emergencycode", hidden=("code_hash",)),
    ]
