"""Accounts, enterprises, their units and people."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

User = "Account | AnonymousUser"


class AccountManager(BaseUserManager["Account"]):
    def create_user(
        self, email: str, password: str | None = None, **extra: Any
    ) -> Account:
        account = self.model(email=email.lower(), **extra)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def create_superuser(self, email: str, password: str, **extra: Any) -> Account:
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, **extra
        )


class Account(AbstractBaseUser, PermissionsMixin):
    """A sign-in. It may stand for one person in each of several enterprises."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Mail(models.TextChoices):
        AT_ONCE = "once", _("At once")
        DAILY = "daily", _("Once a day")
        WEEKLY = "weekly", _("Once a week")
        NEVER = "never", _("Never")

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    theme = models.CharField(
        _("theme"), max_length=5, choices=Theme, default=Theme.SYSTEM, blank=True
    )
    has_shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    mail = models.CharField(
        _("mails about what waits for me"),
        max_length=6,
        choices=Mail,
        default=Mail.AT_ONCE,
    )
    mailed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email


class Enterprise(models.Model):
    """A client. Nobody sees another enterprise's data."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Berlin")
    hours_per_day = models.DecimalField(
        _("working hours a day"), max_digits=4, decimal_places=2, default=8
    )

    def __str__(self) -> str:
        return self.name


class OrgUnit(models.Model):
    """A department or site of an enterprise."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="units"
    )
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    external_id = models.CharField(_("external id"), max_length=80, blank=True)
    headcount = models.PositiveIntegerField(_("people"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="unit_name"),
        ]

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Account | AnonymousUser) -> PersonQuerySet:
        """People of the enterprises in which the user is a person."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            enterprise__people__account=user, enterprise__people__is_active=True
        ).distinct()

    def active(self) -> PersonQuerySet:
        return self.filter(is_active=True)


class Person(models.Model):
    """Somebody of an enterprise (mirror of HR), with or without a sign-in."""

    enterprise = models.ForeignKey(
        Enterprise, on_delete=models.CASCADE, related_name="people"
    )
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    job_title = models.CharField(_("job title"), max_length=120, blank=True)
    unit = models.ForeignKey(
        OrgUnit, on_delete=models.PROTECT, null=True, blank=True, related_name="people"
    )
    external_id = models.CharField(_("external id"), max_length=80, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "account"], name="person_once_per_enterprise"
            ),
            models.UniqueConstraint(
                fields=["enterprise", "email"],
                condition=~Q(email=""),
                name="person_email",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word]
        letters = [word[0] for word in (words[:1] + words[-1:] if words[1:] else words)]
        return "".join(letters).upper() or "?"

    @property
    def hue(self) -> int:
        """A stable colour number for the avatar, 1 to 6."""
        return sum(map(ord, self.name)) % 6 + 1


class EnterpriseRole(models.Model):
    """What a person may do for the whole enterprise."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "administrator", _("Administrator")
        CREATOR = "creator", _("Programme creator")
        METHOD_OWNER = "method_owner", _("Method owner")
        AUDITOR = "auditor", _("Auditor")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], name="enterprise_role_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"
