"""Django's settings, made from the operator's environment (``alongside.env``). Secure by default."""

from __future__ import annotations

import os

from csp.constants import NONE, SELF

from alongside import env as _env
from alongside.database.url import databases

_said = _env.read()

BASE_DIR = _env.ROOT
DATA = _said.data
DEMO = _said.demo
DEBUG = _said.debug
SECRET_KEY = _env.secret_key(_said.secret_key_file)
# This machine itself always: its supervisor asks whether the web process is ready.
ALLOWED_HOSTS = [*_said.hosts, "localhost", "127.0.0.1"]
COUNTRY = _said.country
# Whose five o'clock in the morning it is (alongside.community.enough); times are kept in UTC.
HERE = _said.zone
COMMUNITY_NAME = _said.name
COMMUNITY_ABOUT = _said.about
STORY_LANGUAGES = _said.languages
EXIT_URL = _said.exit_url
SOURCE_URL = _said.source_url
MEDIA_FOLDER = _said.media
# Where sealed objects lie instead, if it is said.
MEDIA_BUCKET = _said.bucket
if MEDIA_BUCKET is not None:
    from alongside.media.bucket import keys_in as _keys_in

    _keys_in(MEDIA_BUCKET.key_file)  # a start without its keys is refused
KEYRING_FOLDERS = _said.keyring
MASTER_KEY_FILE = _said.master_key_file
TRUSTED_PROXIES = _said.proxies
JOINING = _said.joining
AGE = _said.age

# Mail. In a demonstration it goes into a folder and is shown at /demo/mail/.
MAIL_READY = DEMO or _said.mail is not None
MAIL_BACKEND = EMAIL_BACKEND = f"django.core.mail.backends.{'filebased' if DEMO else 'smtp'}.EmailBackend"
EMAIL_FILE_PATH = DATA / "mail"
EMAIL_TIMEOUT = 10
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = f"Alongside <{_said.mail_from}>"
if _said.mail is not None:
    EMAIL_HOST, EMAIL_PORT = _said.mail.host, _said.mail.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _said.mail.user, _said.mail.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = _said.mail.starts_tls, _said.mail.is_tls

DATABASES = databases(os.environ, DATA)
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.postgres",
    "allauth.account",
    "allauth.mfa",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "alongside.database",
    "alongside.pacing",
    "alongside.vault",
    "alongside.mail",
    "alongside.media",
    "alongside.support",
    "alongside.accounts",
    "alongside.community",
    "alongside.families",
    "alongside.visibility",
    "alongside.moderation",
    "alongside.keepsakes",
    "alongside.sheets",
    "alongside.stories",
    "alongside.matching",
    "alongside.home",
    "alongside.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alongside.request_safety.PrivateAnswers",
    "alongside.request_crawlers.CrawlersStayOut",
    "alongside.request_safety.SmallerPages",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "alongside.request_reader.OneTransaction",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # Inside the transaction: it makes the request known to allauth, and leads to /you/again/.
    "allauth.account.middleware.AccountMiddleware",
    "alongside.accounts.shared_device.EndsWhenIdle",
    "django.middleware.csrf.CsrfViewMiddleware",
]

ROOT_URLCONF = "alongside.urls"
WSGI_APPLICATION = "alongside.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "alongside" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["alongside.community.context.every_page"]},
    }
]

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["alongside.accounts.backend.AccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:you"

# Of allauth: passkeys, authenticator codes, recovery codes, and the steps of signing in. Mailed codes are ours.
ACCOUNT_ADAPTER = "alongside.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "alongside.accounts.adapter.KeysAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Alongside"
# A demonstration listens on plain http.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
# One for all processes, and UNLOGGED: what limits count, and which authenticator codes were used.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        # Far more than there will be: what is dropped for room could be a limit that somebody wants gone.
        "OPTIONS": {"MAX_ENTRIES": 1_000_000},
    }
}
SESSION_ENGINE = "alongside.accounts.sessions"
SESSION_COOKIE_AGE = 60 * 24 * 3600

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
LOCALE_PATHS = [BASE_DIR / "alongside" / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = DATA / "static"
STATICFILES_DIRS = [BASE_DIR / "alongside" / "static"]
STORAGES = {
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 3600

# Demo alone: unprefixed cookies without Secure, since it listens on plain http at localhost.
_PREFIX = "" if DEMO else "__Host-"
SESSION_COOKIE_NAME = f"{_PREFIX}alongside"
SESSION_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{_PREFIX}csrf"
SHEET_COOKIE_NAME = f"{_PREFIX}sheet"
LINKS_COOKIE_NAME = f"{_PREFIX}invited"
CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "alongside.home.views.refused"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not "no-referrer": with it a browser sends a form with Origin: null, which no token check can let through.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
# More than a text may be long, in the longest way of sending it: a longer one must come back with its words.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# Two views take files, into memory (alongside.request_reader: takes_files). A file in any other form that is large is
# read past, and none is ever written to a disk.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: []
    for feature in ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics", "interest-cohort")
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS = ["alongside.jobs"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "alongside.logs.WithoutWords"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "quiet"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # Django's own request logger names the path that was asked for: what people read is not recorded.
        # (A handler that drops it, since Python prints what has no handler at all.)
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
        "alongside": {"level": "INFO"},
    },
}
