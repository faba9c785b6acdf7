"""Django's settings. Whatever differs between machines comes from the environment."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from config.environment import (
    address,
    database,
    flag,
    hours,
    networks,
    numbers,
    required,
    whole,
    words,
)
from config.logs import SERVERS
from config.software import software

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = flag("DEBUG")
# A demo runs over plain HTTP on this machine only; everything else expects TLS in front.
DEMO = flag("DEMO")
SECRET_KEY = required("SECRET_KEY", "insecure-for-debugging-only" if DEBUG else None)
# Keys of the past: receipts that were given under them still lead to their replies.
SECRET_KEY_FALLBACKS = words("SECRET_KEY_FALLBACKS")
# Keys for the contacts of people who asked for a personal reply; one made of SECRET_KEY stands in.
CONTACT_KEYS = words("CONTACT_KEYS")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if DEBUG or DEMO else "")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
# How people reach the system: links, codes to scan, posters and mails begin with it, whatever name
# a request was sent to (`offices.addresses`).
PUBLIC_ADDRESS = address(
    "PUBLIC_ADDRESS",
    f"http://localhost:{os.environ.get('PORT') or 8000}" if DEBUG or DEMO else None,
    encrypted=not (DEBUG or DEMO),
)
PUBLIC_HOST = urlsplit(PUBLIC_ADDRESS).netloc
if (name := f"{urlsplit(PUBLIC_ADDRESS).hostname}") not in ALLOWED_HOSTS:
    ALLOWED_HOSTS.append(name)

INSTALLED_APPS = [
    "config.operators.OperatorAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "audit",
    "offices",
    "accounts",
    "surveys",
    "reports",
    "officials",
]
# Simulated people and demo data: for demonstrations, trainings, tests and benchmarks.
if flag("SIMULATION"):
    INSTALLED_APPS.append("demo")

MIDDLEWARE = [
    # Outermost, so that what these three say stands on refusals and errors of all others too.
    "config.wire.WireMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.cookies.RenamedCookiesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "accounts.middleware.SessionMiddleware",
    "config.language.VietnameseFirstMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "audit.middleware.ActorMiddleware",
    "accounts.middleware.UnsentFormMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "config.lenient.LenientAddressMiddleware",
    "config.former.FormerAddressMiddleware",
    "config.away.AwayMiddleware",
    "config.reading.OnePageMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.language.offered_languages",
            ],
        },
    },
]

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

DATABASES = {
    "default": database(required("DATABASE_URL", "postgresql:///hailong" if DEBUG else None))
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cookies of this host alone, which no neighbour under the same domain can set.
_HOST = "" if DEBUG or DEMO else "__Host-"

# Accounts of officials. Citizens have none.
AUTH_USER_MODEL = "offices.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        # TCVN 14423:2026 asks for 14 where there is no second factor
        "OPTIONS": {"min_length": 14},
    },
    {"NAME": "accounts.guessable.GuessableValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "officials:home"
LOGOUT_REDIRECT_URL = "login"

# Below this address pages are for citizens.
CITIZENS_PATH = "/ks/"
RESULTS_PATH = "/ket-qua/"  # public releases: the same for everybody, so no cookie
# Invitations, as short as can be: their links go into text messages.
INVITATIONS_PATH = "/m/"

# Signing in: docs/settings.md, docs/decisions/0027.
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}"
    for name in ("Argon2PasswordHasher", "PBKDF2PasswordHasher")
]
AUTHENTICATION_BACKENDS = ["accounts.backends.Backend"]
SESSION_ENGINE = "accounts.sessions"
SESSION_IDLE_MINUTES = whole("SESSION_IDLE_MINUTES", 15)
ADMINISTRATION_IDLE_MINUTES = whole("ADMINISTRATION_IDLE_MINUTES", 5)
ADMINISTRATION_PATHS = ("/quan-tri/", "/bao-cao/quan-tri/")
# From these networks nobody needs a second factor; whoever has one is asked for it everywhere.
SECOND_FACTOR_FREE_NETWORKS = networks(
    "SECOND_FACTOR_FREE_NETWORKS", "127.0.0.0/8,::1/128" if DEBUG or DEMO else ""
)
# Pages that need none: those of citizens and programs, and the way in and out.
WITHOUT_SECOND_FACTOR = (
    *(CITIZENS_PATH, INVITATIONS_PATH, RESULTS_PATH, "/api/", "/static/", "/healthz", "/readyz"),
    *("/dang-nhap/", "/dang-xuat/", "/lien-ket/", "/ngon-ngu/"),
)
# Forms whose fields are kept when their session has ended.
DRAFT_PATHS = ("/bao-cao/", "/quan-tri/")
DEVICE_COOKIE_NAME = f"{_HOST}device"
ACCOUNT_IDLE_DAYS = whole("ACCOUNT_IDLE_DAYS", 45, least=0)  # 0: accounts stay open
CSRF_FAILURE_VIEW = "accounts.unsent.csrf_failure"
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = False  # ours are in PostgreSQL, and lock nobody out
ACCOUNT_SESSION_REMEMBER = True  # no other length of a session than SESSION_COOKIE_AGE
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Hài Lòng"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO  # http://localhost
# The province's identity provider, if there is one.
OIDC_NAME = os.environ.get("OIDC_NAME", "")
OIDC_ISSUER = os.environ.get("OIDC_ISSUER", "")
OIDC_CLAIM = os.environ.get("OIDC_CLAIM", "email")
SOCIALACCOUNT_ADAPTER = "accounts.oidc.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "tinh",
                "name": OIDC_NAME,
                "client_id": os.environ.get("OIDC_CLIENT_ID", ""),
                "secret": os.environ.get("OIDC_CLIENT_SECRET", ""),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
if flag("OFFER_KHMER"):  # a draft until a native speaker has reviewed it
    LANGUAGES.append(("km", _("Khmer")))
LANGUAGES_OF_OFFICIALS = ("vi", "en")  # citizens have all of them
LANG_INFO["vi"]["name_local"] = "Tiếng Việt"  # Django's own is decomposed
LANG_INFO["km"]["name_local"] = "ភាសាខ្មែរ"  # Django calls it "Khmer" there too
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
FORMAT_MODULE_PATH = ["config.formats"]
USE_THOUSAND_SEPARATOR = True
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(required("STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "config.static_files.StaticStorage"
        )
    },
}

# Security. Cookies and redirects are strict wherever TLS is in front.
SECURE = not (DEBUG or DEMO)
SECURE_SSL_REDIRECT = SECURE
SECURE_SSL_HOST = PUBLIC_HOST
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = SECURE
LANGUAGE_COOKIE_SAMESITE = "Lax"
# Browsers take these from this host alone (`config.cookies`); they want TLS for it.
SESSION_COOKIE_NAME = f"{_HOST}sessionid"
CSRF_COOKIE_NAME = f"{_HOST}csrftoken"
LANGUAGE_COOKIE_NAME = f"{_HOST}django_language"
X_FRAME_OPTIONS = "DENY"
# Of one request, files apart, which pages that ask for one limit themselves (decision 0035).
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_HANDLERS = ["config.uploads.NoFiles"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# Background work. What is to be done stands in PostgreSQL; the queue only wakes.
REDIS_URL = required("REDIS_URL", "redis://127.0.0.1:6379/0" if DEBUG else None)
# A step of the night is its worker's for so long after each office; see reports.night.leases.
NIGHT_LEASE_SECONDS = whole("NIGHT_LEASE_SECONDS", 180)
# How often the clock asks whether a step of a night is due.
NIGHT_TICK_SECONDS = whole("NIGHT_TICK_SECONDS", 120)
CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = REDIS_URL
CELERY_TASK_DEFAULT_QUEUE = required("CELERY_QUEUE", "hailong")
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
# A task whose process was killed goes back to the queue instead of being taken for done.
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever: Redis may be away for a night
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # What nobody has acknowledged for so long another worker gets: twelve times the longest task
    # measured. Too soon is no harm, for the step is taken then; too late neither: the tick asks.
    "visibility_timeout": 6 * 60 * 60,
    # A Redis that is gone without a word, as behind a firewall, is noticed.
    "health_check_interval": 25,
    "socket_connect_timeout": 5,
    "socket_timeout": 30,
    "socket_keepalive": True,
    # Of whoever puts something into the queue: the clock asks again, a page does not wait.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 1,
    "connect_retries_timeout": 5,
}
CELERY_REDIS_BACKEND_HEALTH_CHECK_INTERVAL = 25
CELERY_BEAT_SCHEDULE = {
    "count what is marked": {
        "task": "reports.tasks.count_marked",
        "schedule": 3.0,
        "options": {"expires": 3.0},
    },
    "settle what was left unfinished": {
        "task": "surveys.tasks.settle",
        "schedule": crontab(minute="*/10"),
        "options": {"expires": 600.0},
    },
    # Beside the office's press: what Redis lost, and what waits for the morning.
    "send the invitations that offices asked for": {
        "task": "surveys.tasks.send_invitations",
        "schedule": 60.0,
        "options": {"expires": 60.0},
    },
    "tell of replies": {"task": "surveys.tasks.tell_of_replies", "schedule": crontab(minute="*/5")},
    "send reminders": {"task": "reports.tasks.send_reminders", "schedule": 60.0},
    # From 01:30 on the night of yesterday is due; keys, contacts and sign-ins are steps of it.
    "go on with the night": {
        "task": "reports.tasks.tick",
        "schedule": float(NIGHT_TICK_SECONDS),
        "options": {"expires": float(NIGHT_TICK_SECONDS)},
    },
}
# How often a process asks whether offices, procedures or instruments have changed, in seconds.
DIRECTORY_CHECK_SECONDS = float(required("DIRECTORY_CHECK_SECONDS", "5"))

# When offices serve citizens on working days; what comes in other hours is flagged, not refused.
OFFICE_HOURS = hours("OFFICE_HOURS", "7:00-17:30")

# When people are written to; what is asked for at other hours waits.
INVITATION_HOURS = hours("INVITATION_HOURS", "8:00-20:00")

# A month closes on this working day after its end, so that late paper and late phones still count.
CLOSING_WORKING_DAYS = whole("CLOSING_WORKING_DAYS", 5, least=0, most=20)

# Invitations are good for so many days after the dossier was finished; then the key of that day is
# destroyed. The keys stand outside the database and must be in no backup: docs/invitations.md.
INVITATION_DAYS = whole("INVITATION_DAYS", 30)
INVITATION_KEYS = Path(required("INVITATION_KEYS", str(BASE_DIR / "var" / "invitation-keys")))

# Every night writes here where the audit's chain ends. Copy it away: docs/operations.md.
AUDIT_HEADS = Path(required("AUDIT_HEADS", str(BASE_DIR / "var" / "audit-heads")))
# The proxies in front, whose X-Forwarded-For is believed for the addresses of officials.
TRUSTED_PROXIES = networks("TRUSTED_PROXIES", "" if DEBUG or DEMO else "127.0.0.1,::1")

# How invitations are sent. Where nothing is set, officials can only take them as a list; a demo
# writes to its log what it would have sent, without the link and to whom.
SMS_GATEWAY = os.environ.get(
    "SMS_GATEWAY", "" if SECURE else "surveys.invitations.messages.ConsoleSms"
)
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = whole("EMAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("EMAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("EMAIL_TLS")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "hailong@localhost")
if not SECURE and not EMAIL_HOST:
    EMAIL_BACKEND = "surveys.invitations.messages.ConsoleMail"

# The fewest people behind a figure for readers of a role, such as `office_head:20`, where that is
# more than the 10 that everybody needs.
MINIMUM_PEOPLE = numbers("MINIMUM_PEOPLE")

# What released figures say they were made with.
SOFTWARE = software(BASE_DIR)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no tokens": {"()": "config.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no tokens"]}},
    # Also before other handlers: Django logs the path of every request that it refuses.
    "loggers": {
        "django.request": {"filters": ["no tokens"]},
        # What a server writes of each request goes through our handler, not through its own.
        **{name: {"filters": ["no tokens"], "propagate": True} for name in SERVERS},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
