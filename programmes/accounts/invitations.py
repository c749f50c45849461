"""The link with which a new person sets a password: shown once, and mailed."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.translation import gettext as _

from programmes.models import Account, Enterprise


def password_link(account: Account, base: str = "") -> str:
    """A link that sets a password; it works once and for three days."""
    key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
    uid, _dash, token = key.partition("-")
    path = reverse("account_reset_password_from_key", args=[uid, token])
    return f"{(base or settings.SITE_URL).rstrip('/')}{path}"


def send_invitation(account: Account, enterprise: Enterprise, link: str) -> None:
    """Mail the link. Call it after the commit, never inside a service."""
    send_mail(
        subject=_("Your sign-in to Meliora"),
        message=_(
            "%(enterprise)s works with Meliora. Choose a password here:\n\n%(link)s\n\n"
            "The link works once, for three days."
        )
        % {"enterprise": enterprise.name, "link": link},
        from_email=None,
        recipient_list=[account.email],
    )
