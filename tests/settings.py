"""The settings of the tests: fast passwords, everything else as in the demo."""

import tempfile
from pathlib import Path

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="meliora-media-"))
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO = True
ICONS_STRICT = True
