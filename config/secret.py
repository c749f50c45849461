"""The demo's secret key: made once, kept below var/, readable by its owner only."""

import os
import secrets
from pathlib import Path


def local_secret(var: Path) -> str:
    """Return the key of this checkout, making it on first use."""
    var.mkdir(parents=True, exist_ok=True)
    path = var / "secret"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    key = secrets.token_urlsafe(50)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
    return key
