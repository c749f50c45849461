"""What every answer says to the browser, whoever asked and whatever was found."""

from __future__ import annotations

from collections.abc import Mapping

EXACT = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def complaints(headers: Mapping[str, str]) -> list[str]:
    """What is wrong with the headers of an answer."""
    policy = headers.get("Content-Security-Policy", "")
    wrong = [
        f"{name}: {headers.get(name)}"
        for name, value in EXACT.items()
        if headers.get(name) != value
    ]
    if "default-src 'none'" not in policy:
        wrong.append(f"the policy is open: {policy}")
    if "'unsafe-inline'" in policy.split("style-src-attr")[0]:
        wrong.append(f"scripts in the page may run: {policy}")
    if "no-store" not in headers.get("Cache-Control", ""):
        wrong.append(f"may be stored: {headers.get('Cache-Control')}")
    return wrong
