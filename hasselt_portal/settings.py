"""Settings of the portal. What differs between machines comes from `environment.py`."""

import contextlib
import os
import secrets
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from hasselt_portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent
PORTAL = environment.read(os.environ, base=BASE_DIR)


def _demo_secret(var: Path) -> str:
    """A random key that the demo keeps in var, so that sessions survive a restart."""
    path = var / "secret_key"
    if not path.exists():
        var.mkdir(parents=True, exist_ok=True)
        # Written beside and then linked: of two processes that start at once, one key wins.
        mine = var / f"secret_key.{os.getpid()}"
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):
            os.link(mine, path)
        mine.unlink()
    return path.read_text()


DEBUG = False
DEMO = PORTAL.demo
SECRET_KEY = _demo_secret(PORTAL.var) if DEMO else PORTAL.secret_key
ALLOWED_HOSTS = PORTAL.allowed_hosts
CSRF_TRUSTED_ORIGINS = PORTAL.trusted_origins

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "corsheaders",
    "csp",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "common",
    "accounts",
    "city",
    "appointments",
    "videocalls",
    "eloket",
    "questions",
    "chat",
    "hasselt_portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Before WhiteNoise, which makes what stands before it run in a thread: whether a site is
    # allowed, the database knows.
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
]

ROOT_URLCONF = "hasselt_portal.urls"
ASGI_APPLICATION = "hasselt_portal.asgi.application"
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
                "common.context.portal",
                "city.context.base",
            ],
        },
    }
]
FORM_RENDERER = "common.forms.PortalRenderer"

# --- Database ---------------------------------------------------------------
DATABASES = {"default": environ.Env.db_url_config(PORTAL.database_url)}
_db = DATABASES["default"]
if _db["ENGINE"].endswith("sqlite3"):
    # A write takes its lock at BEGIN, so that two writers queue instead of failing halfway.
    # synchronous=NORMAL with WAL survives a killed process, not a power cut
    # (sqlite.org/pragma.html).
    _db["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 15,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY; "
            # What is deleted is overwritten, not only let go (the rest: common/remains.py).
            "PRAGMA secure_delete=ON;"
        ),
    }
    # Tests use threads (sockets), so their database is a file too, not one connection's memory.
    _db["TEST"] = {"NAME": str(PORTAL.var / "test.sqlite3")}
else:
    _db["OPTIONS"] = {
        **_db.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": 16, "timeout": 5},
        # Allows what asks for it (chat/append.py) to be prepared; Django's own cursors never do.
        "prepare_threshold": 5,
    }
    _db["CONN_HEALTH_CHECKS"] = True  # a restarted server costs no visitor an error
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis: channel layer, cache, broker ------------------------------------
REDIS_URL = PORTAL.redis_url
# Redis tells an announcement to the listeners of all its databases: without a prefix of their own
# two portals that share a server would hear each other.
_redis_database = REDIS_URL.rpartition("=" if REDIS_URL.startswith("unix") else "/")[2]
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"portal-{_redis_database}"},
    }
}
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace(
    "?db=", "?virtual_host="
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 45
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# For who sends a task (a citizen's request): a broker that is away is noticed at once, not in 6 s.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "socket_connect_timeout": 2,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long Redis stays away
CELERY_TIMEZONE = "Europe/Brussels"
# `celery` takes what is short and belongs to the clock; mails may wait for a mail server.
CELERY_TASK_ROUTES = {
    "chat.tasks.mail_transcripts": {"queue": "mail"},
    "questions.tasks.work_off": {"queue": "mail"},
    "questions.tasks.chase": {"queue": "escalations"},
}
CELERY_BEAT_SCHEDULE = {
    "chat-sweep": {
        "task": "chat.tasks.sweep_conversations",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "chat-rush": {
        "task": "chat.tasks.sweep_rush",
        "schedule": 5.0,
        "options": {"expires": 5},
    },
    "chat-mail-transcripts": {
        "task": "chat.tasks.mail_transcripts",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "questions-sweep": {
        "task": "questions.tasks.work_off",
        "schedule": 20.0,
        "options": {"expires": 20},
    },
    "questions-chase": {
        "task": "questions.tasks.chase",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "retention": {
        "task": "common.tasks.apply_retention",
        "schedule": crontab(hour=3, minute=30),
    },
}

# --- People -----------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "accounts.backends.RolePermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "accounts.passwords.MinimumLength",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench"
ACCOUNT_ADAPTER = "accounts.adapter.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser; nobody is asked
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/300s/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = PORTAL.trusted_proxies
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Stad Hasselt"
TRUSTED_PROXIES = PORTAL.trusted_proxies

# --- Language and time -------------------------------------------------------
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# --- Static files and mail ---------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = PORTAL.var / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hasselt_portal.staticfiles.HashedStaticFiles"},
}
PRIVATE_FILES = PORTAL.var / "files"
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "common.uploads.receiving.NamelessFileUploadHandler",
]
CLAMD_URL = PORTAL.clamd_url
DEFAULT_FROM_EMAIL = PORTAL.from_email
PORTAL_URL = PORTAL.portal_url  # what links in mails begin with
if PORTAL.email_url:
    globals().update(environ.Env.email_url_config(PORTAL.email_url))
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(PORTAL.var / "mail")
EMAIL_TIMEOUT = 20  # seconds for each word of the mail server

# --- Security ----------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
SECURE_SSL_REDIRECT = PORTAL.https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PORTAL.trusted_proxies else None
SECURE_HSTS_SECONDS = 31_536_000 if PORTAL.https else 0
# On the city's main name these two bind every other site of the city, so they are asked for.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PORTAL.https and PORTAL.hsts_subdomains
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTAL.https
SESSION_COOKIE_NAME = "portal_session"
SESSION_COOKIE_AGE = 10 * 60 * 60  # a long shift; the session also ends with the browser
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None  # gone with the browser
X_FRAME_OPTIONS = "DENY"

# For the pages of allowed sites (rows of the chat); credentials are never asked of them.
CORS_URLS_REGEX = r"^/(widget\.js|chat/[a-z]+\.json|chat/files/|chat/transcript\.)"
CORS_ALLOW_METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
CORS_ALLOW_HEADERS = ["authorization", "content-type"]
CORS_EXPOSE_HEADERS = ["retry-after", "content-disposition"]
CORS_PREFLIGHT_MAX_AGE = 86_400

# --- Chat ----------------------------------------------------------------------
# Limits that protect the machine, not rules of the city (those are rows in the admin).
CHAT_MESSAGES_PER_MINUTE = 20
SOCKET_FRAMES_PER_SECOND = 40
CHAT_SOCKETS_PER_ADDRESS = PORTAL.chat_sockets_per_address
EXCHANGE_TOKEN = PORTAL.exchange_token  # empty: no telephone exchange reports

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "common.logs.WordlessFormatter",
            # The page of a question opens to whoever has its link (questions/citizen_urls.py).
            "secret_links": r"((?<!werkbank)/vraag/[^/\s]+/)[^/\s?]+",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.channels.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        # A line each time the clock ticks would bury the others.
        "celery.app.trace": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        # At DEBUG it writes whatever comes through the channel layer, texts included (redis-py).
        "push_response": {"level": "WARNING"},
    },
}
