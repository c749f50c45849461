"""All settings. Each has a default for the demo; the environment overrides it.

A bad value is refused by name at start-up. Every variable is listed in
docs/settings.md (a test keeps the two together).
"""

import os
from pathlib import Path

import django_stubs_ext
import environ
from django.core.exceptions import ImproperlyConfigured

from config.secret import local_secret
from diagnosis.mining.place import read_connections

# Lets annotations such as ModelForm[Person] stand at run time too.
django_stubs_ext.monkeypatch()

ROOT = Path(__file__).resolve().parents[1]
VAR = Path(os.environ.get("MELIORA_VAR", ROOT / "var"))
env = environ.Env()


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "1" if default else "0").lower()
    if value not in {"0", "1", "true", "false"}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value in {"1", "true"}


def number(name: str, default: int) -> int:
    value = os.environ.get(name, str(default))
    if not value.isdigit():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: see docs/settings.md.")
    return value


# LOCAL is set by manage.py when it brings its own services (http on localhost, no
# secrets needed). Anything else is production and refuses to start without secrets.
DEMO = flag("MELIORA_DEMO", False)
LOCAL = flag("MELIORA_LOCAL", DEMO)
DEBUG = flag("MELIORA_DEBUG", False)
SECRET_KEY = local_secret(VAR) if LOCAL else required("DJANGO_SECRET_KEY")
# Signs the ledger; without one of its own it follows from the secret key.
LEDGER_KEY = os.environ.get("MELIORA_LEDGER_KEY") or f"ledger {SECRET_KEY}"
ALLOWED_HOSTS = env.list(
    "MELIORA_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("MELIORA_ORIGINS", default=[])
SITE_URL = os.environ.get("MELIORA_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "config",
    "evaluation",
    "design",
    "diagnosis",
    "programmes",
    "allauth",
    "allauth.account",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "drf_spectacular",
    "rest_framework",
    "simple_history",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.NoStore",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "programmes.access.AccessMiddleware",
    "programmes.views.looking_back.LookingBackMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "programmes.views.shell.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "programmes.templatetags.kit",
            ],
        },
    }
]

# --- data -----------------------------------------------------------------------
# The fallbacks let commands that touch no server (check, method) read the settings.
DATABASES = {
    "default": {
        **env.db_url("DATABASE_URL", default="postgres://meliora@localhost/meliora"),
        "CONN_MAX_AGE": number("MELIORA_DB_SECONDS", 60),
        "CONN_HEALTH_CHECKS": True,
    }
}
REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"serializer": "programmes.kit.cache.JsonSerializer"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MEDIA_ROOT = Path(os.environ.get("MELIORA_MEDIA", VAR / "media"))
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
LARGEST_UPLOAD = number("MELIORA_UPLOAD_MB", 200) * 1024 * 1024

# Databases of enterprises with event logs; what stands there is never repeated.
try:
    EVENT_STORES = read_connections(os.environ.get("MELIORA_EVENT_STORES", ""))
except ValueError as error:
    raise ImproperlyConfigured(f"MELIORA_EVENT_STORES: {error}.") from None
FILE_UPLOAD_PERMISSIONS = 0o600

# --- jobs -----------------------------------------------------------------------
# The Job row is the truth and Celery the doorbell: a lost message costs seconds.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://")
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "interval_start": 0,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "visibility_timeout": 60,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat")
CELERY_BEAT_SCHEDULE = {
    "ring waiting jobs": {"task": "programmes.sweep_jobs", "schedule": 10.0},
    "remove deleted logs": {"task": "diagnosis.sweep_logs", "schedule": 86400.0},
    "settle imports": {"task": "diagnosis.sweep_stopped_imports", "schedule": 60.0},
    "read connected logs": {
        "task": "diagnosis.refresh_connected_logs",
        "schedule": 3600.0,
    },
    "check ledgers": {"task": "programmes.check_ledgers", "schedule": 86400.0},
    "look at gates": {"task": "programmes.sweep_gates", "schedule": 60.0},
    "issue gate records": {
        "task": "programmes.sweep_gate_records",
        "schedule": 60.0,
    },
    "refresh dashboards": {"task": "evaluation.sweep_dashboards", "schedule": 60.0},
    "compute paces": {"task": "evaluation.sweep_paces", "schedule": 60.0},
}
JOB_LEASE_SECONDS = number("MELIORA_JOB_LEASE", 20)

# --- people ---------------------------------------------------------------------
AUTH_USER_MODEL = "programmes.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
    }.items()
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portfolio"
ACCOUNT_ADAPTER = "programmes.accounts.adapter.ClosedSignUp"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
SESSION_COOKIE_AGE = 12 * 3600

# --- mail -----------------------------------------------------------------------
EMAIL_BACKEND = os.environ.get(
    "MELIORA_MAIL",
    "django.core.mail.backends.filebased.EmailBackend"
    if LOCAL
    else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = os.environ.get("MELIORA_MAIL_HOST", "localhost")
EMAIL_PORT = number("MELIORA_MAIL_PORT", 25)
EMAIL_HOST_USER = os.environ.get("MELIORA_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("MELIORA_MAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("MELIORA_MAIL_TLS", False)
DEFAULT_FROM_EMAIL = os.environ.get("MELIORA_MAIL_FROM", "Meliora <meliora@localhost>")

# --- pages ----------------------------------------------------------------------
NPM = ROOT / "node_modules"
# What the browser may load of node_modules; nothing else of it can be reached.
NPM_FILES = [
    "@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2",
    "@fontsource-variable/inter/files/inter-latin-ext-opsz-normal.woff2",
    "vega/build/vega.min.js",
    "vega-lite/build/vega-lite.min.js",
    "vega-lite/build/vega-lite.min.js.map",
    "vega-embed/build/vega-embed.min.js",
    "vega-embed/build/vega-embed.min.js.map",
]
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
STATICFILES_DIRS = [ROOT / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.assets.PackageFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = LOCAL
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

# --- protection -----------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not LOCAL
SESSION_COOKIE_NAME = "sessionid" if LOCAL else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if LOCAL else "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not LOCAL
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 0 if LOCAL else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOCAL
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if flag("MELIORA_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    # Else all people share the proxy's address, and its limit of sign-ins.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- API ------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "programmes.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["programmes.kit.api.Parser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "programmes.kit.api.problem_answer",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Meliora",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_PUBLIC": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"meliora.ledger": {"level": "INFO"}},
    "root": {
        "handlers": ["console"],
        "level": os.environ.get("MELIORA_LOG", "WARNING"),
    },
}
