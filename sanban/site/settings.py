"""The one settings file. Every variable of the environment is read and explained here.

SANBAN_DATA_DIR    folder of database, files and keys (default: var beside the source)
SANBAN_SECRET_KEY  signing key; made once and kept in the data folder when absent
SANBAN_DEBUG       1 on a developer's machine
SANBAN_HOSTS       host names, comma separated (default: localhost,127.0.0.1)
SANBAN_HTTPS       1 when served through TLS: secure cookies, HSTS
DATABASE_URL       postgresql://user:password@host:port/name, or sqlite:////path (default)
DATABASE_URL_OWNER, DATABASE_URL_SEQUENCER  the same database as its owner (migrations) and as the log's own role;
                   without them DATABASE_URL serves for all (docs/database-roles.md)
SANBAN_ROLE        owner, web or sequencer: set by the command `sanban` for its processes, not by people
SANBAN_CLAMAV      address of a ClamAV socket; without it files stay held until an officer releases them
SANBAN_MAIL_URL    smtp://user:password@host:port (?starttls=1), or smtps://; without it no mail is queued
SANBAN_MAIL_FROM   sender of mails (default: sanban@localhost)
SANBAN_URL         address of the site as people open it, for links in mails (default: the first of SANBAN_HOSTS)
SANBAN_ORIGIN      name under which the log signs, chosen once (default: the first of SANBAN_HOSTS, then /sanban;
                   after a restore what `sanban restore` left in the data folder)
SANBAN_WITNESSES   trust policy: which witnesses seal the log (default: witnesses.policy in the data folder,
                   written by `sanban up`, which then runs four witnesses beside the site)
SANBAN_ANCHOR      where one sealed head a day is posted outside: file:///folder or https://… (default: nowhere)
SANBAN_KEY_PASSPHRASE  opens the signing keys; set before the first start, it encrypts them
SANBAN_KEY_SHARES  two folders, comma separated, one for each custodian of the key of work secrets: the key is both
                   together (default: two folders beside the other keys)
SANBAN_CIPHER      aes or sm4: what content at rest is encrypted with (default: aes)
SANBAN_SM3_KEY     ed25519 or sm2: what the next signing key of an SM3 tree is (default: ed25519); sm2 needs
                   `bin/setup sm2`. A key that there is stays until `sanban rotate-key LOG sm3` (docs/signing-keys.md)
SANBAN_WEBHOOK_ALLOW  networks inside the house that webhooks may reach, comma separated (default: none)
SANBAN_SMS_URL     address of the text message gateway; with SANBAN_SMS_KEY, the key its calls are signed with
SANBAN_OIDC        JSON list of OpenID Connect apps for single sign-on (django-allauth APPS)
SANBAN_DEMO        1 in the demo world: its page says so and its accounts are listed
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]
SANBAN_VAR = Path(os.environ.get("SANBAN_DATA_DIR") or BASE_DIR / "var")
SANBAN_VAR.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    given = os.environ.get("SANBAN_SECRET_KEY")
    if given:
        return given
    kept = SANBAN_VAR / "secret-key"
    if not kept.exists():
        kept.write_text(secrets.token_urlsafe(50))
        kept.chmod(0o600)
    return kept.read_text()


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme.startswith("postgres"):
        return {
            "ENGINE": "sanban.base.ledger.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or 5432),
            "CONN_MAX_AGE": None,
            "DISABLE_SERVER_SIDE_CURSORS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.removeprefix("sqlite:///") or str(SANBAN_VAR / "sanban.sqlite3"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
            "PRAGMA cache_size=-8192;PRAGMA temp_store=MEMORY;PRAGMA wal_autocheckpoint=16384;",
        },
    }


def _readings(beside: Path) -> dict[str, Any]:
    """Rows of ordinary reads, many a second: a power cut may take the last of them, and a gap then says so; what is
    secret is in the ledger before it is shown."""
    made = _database(f"sqlite:///{beside.with_suffix('')}-readings.sqlite3")
    options = made["OPTIONS"]
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=NORMAL")
    return made


def _origin() -> str:
    """The name under which the log signs: as set, as a restore left it, or made of the host's name."""
    kept = SANBAN_VAR / "origin"
    left = kept.read_text().strip() if kept.exists() else f"{ALLOWED_HOSTS[0]}/sanban"
    return os.environ.get("SANBAN_ORIGIN") or left


def _mail(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if secure else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": secure,
        "EMAIL_USE_TLS": "starttls=1" in parts.query,
        "EMAIL_TIMEOUT": 10,
    }


TESTING = os.environ.get("SANBAN_TESTING") == "1"
SANBAN_DEMO = os.environ.get("SANBAN_DEMO") == "1"
DEBUG = os.environ.get("SANBAN_DEBUG") == "1"
SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("SANBAN_HOSTS", "localhost,127.0.0.1,testserver").split(",")
HTTPS = os.environ.get("SANBAN_HTTPS") == "1"
DATABASE_URL = os.environ.get("DATABASE_URL", f"sqlite:///{SANBAN_VAR / 'sanban.sqlite3'}")
DATABASE_URLS = {
    "web": DATABASE_URL,
    "owner": os.environ.get("DATABASE_URL_OWNER") or DATABASE_URL,
    "sequencer": os.environ.get("DATABASE_URL_SEQUENCER") or DATABASE_URL,
}
SANBAN_ROLE = os.environ.get("SANBAN_ROLE", "web")
SANBAN_ROLES = {role: _database(url).get("USER", "") for role, url in DATABASE_URLS.items()}
DATABASES = {"default": _database(DATABASE_URLS[SANBAN_ROLE])}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # the read log: a file of its own beside the first
    DATABASES["readings"] = _readings(Path(DATABASES["default"]["NAME"]))
DATABASE_ROUTERS = ["sanban.base.access.routing.ReadLogRouter"]
SANBAN_READ_LOG_THREAD = not TESTING
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

ROOMS = [
    "sanban.base.ledger",
    "sanban.base.access",
    "sanban.base.ui",
    "sanban.base.calendar",
    "sanban.base.people",
    "sanban.base.light",
    "sanban.base.files",
    "sanban.base.search",
    "sanban.base.notify",
    "sanban.base.watch",
    "sanban.base.label",
    "sanban.base.glass",
    "sanban.decide.policy",
    "sanban.decide.dispute",
    "sanban.execute.task",
    "sanban.supervise.chase",
    "sanban.study.assistant",
    "sanban.desk",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    *[room for room in ROOMS if (BASE_DIR / room.replace(".", "/") / "apps.py").exists()],
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "sanban.base.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sanban.base.people.middleware.ActorMiddleware",
    "sanban.base.watch.middleware.WatchMiddleware",
    "sanban.base.ui.unrecorded.UnrecordedMiddleware",
]
ROOT_URLCONF = "sanban.site.urls"
WSGI_APPLICATION = "sanban.site.wsgi.application"
CONTEXT = ["django.contrib.messages.context_processors.messages", "sanban.base.ui.shell.shell"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "sanban.base.ui.environment.environment",
            "context_processors": CONTEXT,
        },
    },
    {  # the pages of django-allauth, which are written in Django's own language
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                *CONTEXT,
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "sanban.base.people.backends.DoorBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "sanban.base.people.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/5m/key"} if not TESTING else {}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or TESTING
MFA_TOTP_ISSUER = "三办协同云平台"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_ADAPTER = "sanban.base.people.adapters.SocialAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another house would be stopped by form-action
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": json.loads(os.environ.get("SANBAN_OIDC", "[]"))}}

SESSION_ENGINE = "sanban.base.people.sessions"
SESSION_COOKIE_AGE = 30 * 60 if not DEBUG else 12 * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "sanban" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = SANBAN_VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 12_000
SANBAN_CLAMAV = os.environ.get("SANBAN_CLAMAV", "")
SANBAN_FILE_MAX_MB = int(os.environ.get("SANBAN_FILE_MAX_MB", "50"))
SANBAN_MAIL_URL = os.environ.get("SANBAN_MAIL_URL", "")
globals().update(_mail(SANBAN_MAIL_URL))
SANBAN_URL = os.environ.get("SANBAN_URL") or f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0]}"
SANBAN_ORIGIN = _origin()
SANBAN_WITNESSES = os.environ.get("SANBAN_WITNESSES") or str(SANBAN_VAR / "witnesses.policy")
SANBAN_ANCHOR = os.environ.get("SANBAN_ANCHOR", "")
SANBAN_KEY_SHARES = tuple(Path(part) for part in os.environ.get("SANBAN_KEY_SHARES", "").split(",") if part)
SANBAN_CIPHER = os.environ.get("SANBAN_CIPHER", "aes")
SANBAN_SM3_KEY = os.environ.get("SANBAN_SM3_KEY", "ed25519")
if SANBAN_SM3_KEY not in ("ed25519", "sm2"):
    raise ImproperlyConfigured(f"SANBAN_SM3_KEY 只能是 ed25519 或 sm2，现为“{SANBAN_SM3_KEY}”。")
SANBAN_WEBHOOK_ALLOW = os.environ.get("SANBAN_WEBHOOK_ALLOW", "")
SANBAN_SMS_URL = os.environ.get("SANBAN_SMS_URL", "")
SANBAN_SMS_KEY = os.environ.get("SANBAN_SMS_KEY", "")
DEFAULT_FROM_EMAIL = os.environ.get("SANBAN_MAIL_FROM", "sanban@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
