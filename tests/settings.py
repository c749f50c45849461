"""The settings of the tests: fast passwords, everything else as in the demo."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = Path(
    os.environ.get("MELIORA_MEDIA") or tempfile.mkdtemp(prefix="meliora-media-")
)
# The mails of a demo in the same clone are nobody's business here.
EMAIL_FILE_PATH = tempfile.mkdtemp(prefix="meliora-mail-")
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEMO = True
ICONS_STRICT = True

# Each worker of a run counts and remembers for itself; the queue keeps database 0.
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_mark = "&" if urlsplit(REDIS_URL).query else "?"  # noqa: F405
CACHES["default"]["LOCATION"] = f"{REDIS_URL}{_mark}db={_worker + 1}"  # noqa: F405

# Copied from a migrated database where the tests bring their own server.
_template = os.environ.get("MELIORA_TEST_TEMPLATE")
DATABASES["default"]["TEST"] = {"TEMPLATE": _template}  # noqa: F405

# Tables are emptied between tests; anywhere else the ledger refuses that.
_options = DATABASES["default"].setdefault("OPTIONS", {})  # noqa: F405
_options["options"] = "-c meliora.may_empty_ledger=on"
