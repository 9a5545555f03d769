"""Settings. With no variable set: a laptop, SQLite, one process, plain HTTP on the local network.

`DATABASE_URL` and `REDIS_URL` alone turn it into the topology for many assemblies.
Every variable read here stands in docs/operating.md; a test compares the two.
"""

import os
import sys
import warnings
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

from assembly_site.env import env_bool, env_int, env_list, env_text

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env_text("DATA_DIR", str(BASE_DIR / "data")))
DATA_DIR.mkdir(parents=True, exist_ok=True)
# Where the plotting library keeps its list of typefaces; a service may have no home.
os.environ.setdefault("MPLCONFIGDIR", str(DATA_DIR / "matplotlib"))


def kept_secret_key() -> str:
    """Return the key of this laptop, made at the first start and kept beside the database."""
    kept = DATA_DIR / "secret-key"
    try:
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(get_random_secret_key())
    except FileExistsError:
        pass
    return kept.read_text().strip()


DEBUG = env_bool("DEBUG")
SECRET_KEY = env_text("SECRET_KEY") or kept_secret_key()
REDIS_URL = env_text("REDIS_URL")
DATABASE_URL = env_text("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'assembly.sqlite3'}"

# With no names given, the addresses of this machine and of its local network are allowed
# (assemblies.middleware.own_address): a laptop's address changes while it runs.
OWN_HOSTS = env_list("ALLOWED_HOSTS")
ALLOWED_HOSTS = OWN_HOSTS or ["*"]
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

TLS_PROXY = env_bool("BEHIND_TLS_PROXY")
TLS = TLS_PROXY or bool(env_text("TLS_CERT"))

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "channels",
    "csp",
    "django_htmx",
    "assemblies",
    "stack",
    "proposals",
    "federation",
]

MIDDLEWARE = [
    "assemblies.entrance.middleware.own_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "assemblies.entrance.middleware.closed_doors",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "assemblies.entrance.middleware.refusals",
]

ROOT_URLCONF = "assembly_site.urls"
# What the apps bring to each other, joined in a written order.
HOUSE = "assembly_site.house.build"
ASGI_APPLICATION = "assembly_site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database ------------------------------------------------------------------------------------

_database = dj_database_url.parse(DATABASE_URL)
if _database["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE is the lock of the door on SQLite (select_for_update does nothing there).
    # synchronous=FULL: what was answered "accepted" is on the disk, even if the power goes.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA busy_timeout=20000;"
        "PRAGMA cache_size=-16000;PRAGMA temp_store=MEMORY;",
    }
    # Race tests need a file: a database in memory has no waiting for the lock.
    _database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
elif _database["ENGINE"].endswith("postgresql"):
    _database["CONN_MAX_AGE"] = 0
    _database["CONN_HEALTH_CHECKS"] = True
    _database.setdefault("OPTIONS", {})
    if "migrate" not in sys.argv:
        # A web process never waits for long; a migration may.
        _database["OPTIONS"]["options"] = (
            "-c statement_timeout=5000 -c lock_timeout=3000"
            " -c idle_in_transaction_session_timeout=15000"
        )
    if not env_bool("DATABASE_NO_POOL"):
        _database["OPTIONS"]["pool"] = {
            "min_size": 2,
            "max_size": env_int("DATABASE_POOL", 8),
            "timeout": 5,
        }
else:
    raise ImproperlyConfigured("DATABASE_URL must begin with sqlite: or postgresql:.")
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the doorbell, the cache, background work ----------------------------------------------------

if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL], "prefix": "assembly"},
        }
    }
    CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {"visibility_timeout": 3600}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    _broker = DATA_DIR / "broker"
    for _folder in ("in", "processed", "control"):
        (_broker / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker / "in"),
        "data_folder_out": str(_broker / "in"),
        "processed_folder": str(_broker / "processed"),
        "control_folder": str(_broker / "control"),
        "store_processed": False,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "forget what need not be kept": {"task": "assemblies.tasks.forget", "schedule": 3600.0},
    "settle what fell due between units": {
        "task": "federation.tasks.settle",
        "schedule": 3600.0,
    },
}

# --- people --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "assemblies.Person"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "assemblies:sign_in"
LOGIN_REDIRECT_URL = "assemblies:home"
LOGOUT_REDIRECT_URL = "assemblies:home"

# --- language and time ---------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env_text("TIME_ZONE", "UTC")

# --- files ---------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env_text("STATIC_ROOT", str(BASE_DIR / "staticfiles")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MANIFEST_STRICT = False

# --- what keeps people safe ----------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "manifest-src": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# Browsers ignore it on plain HTTP, and complain.
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if TLS else None
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "assemblies.pages.errors.forged"
if TLS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env_int("HSTS_SECONDS", 60 * 60 * 24 * 365)
    SECURE_SSL_REDIRECT = True
# Whether names below ours speak TLS too, and whether browsers should know us before the first
# visit, is for the operator's proxy to say, not for us.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# WhiteNoise streams files from a thread, which ASGI does for it; the hint is for slow ones.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
if TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env_text("LOG_LEVEL", "WARNING")},
    # A refusal (409) or a page that is not there (404) is no fault, and who asked is private.
    # A Redis that is away is said once by the hub, not at every try of the layer.
    "loggers": {
        "django.request": {"level": "ERROR"},
        "channels_redis.pubsub": {"level": "CRITICAL"},
    },
}
DEFAULT_EXCEPTION_REPORTER_FILTER = "django.views.debug.SafeExceptionReporterFilter"
