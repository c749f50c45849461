"""The door: every address names its rule, and one without a rule is closed.

`@access(...)` marks a view. The middleware then asks for a sign-in, finds the programme
of the address among those the user may see (else 404, never 403), and refuses who may
not do the act. Services check again; this door is for reading and for forms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db.models import Case, OuterRef, Q, When, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.defaults import permission_denied

from programmes.kit.composed import Composed
from programmes.kit.errors import NotAllowed, Unavailable
from programmes.models import (
    Account,
    Enterprise,
    EnterpriseRole,
    Membership,
    Person,
    Programme,
    unread_for,
    waiting_for,
)
from programmes.permissions import (
    POLICY,
    WHILE_FROZEN,
    Grants,
    who_may,
)

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# Pages of libraries that guard themselves.
MOST_PINNED = 6
GUARDED_ELSEWHERE = ("allauth.", "django.contrib.admin.", "django.contrib.staticfiles.")


@dataclass(frozen=True)
class Access:
    """The rule of one address."""

    act: str = ""
    write: str = ""
    enterprise: bool = False
    public: bool = False
    api: bool = False


class MelioraRequest(HttpRequest):
    """The request as views see it behind the door."""

    user: Account
    programme: Programme
    enterprise: Enterprise
    people: list[Any]
    person: Person | None
    waiting: int
    unread: int
    pinned: list[Any]
    grants: Grants
    csp_nonce: str
    htmx: Any


def access(
    act: str = "",
    *,
    write: str = "",
    enterprise: bool = False,
    public: bool = False,
    api: bool = False,
) -> Callable[[View], View]:
    """Name the rule of a view.

    :param act: who may open it; empty: everybody who is signed in.
    :param write: who may POST to it where that is a narrower circle.
    :param enterprise: the act is of the enterprise, not of a programme.
    :param public: open without a sign-in; the view guards itself.
    :param api: tokens and errors are the API's; the view guards itself.
    """

    def mark(view: View) -> View:
        rule = Access(act, write, enterprise, public, api)
        view.access = rule  # type: ignore[attr-defined]
        return view

    return mark


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(
        self, request: HttpRequest, error: Exception
    ) -> HttpResponse | None:
        """A service said no to the person: its words, not a crash."""
        if isinstance(error, NotAllowed):
            return permission_denied(request, error)
        if isinstance(error, Unavailable):
            context = {"reason": str(error)}
            return render(request, "503.html", context, status=error.status)
        return None

    def process_view(
        self,
        request: MelioraRequest,
        view: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        rule: Access | None = getattr(view, "access", None)
        if rule is None:
            if getattr(view, "__module__", "").startswith(GUARDED_ELSEWHERE):
                return None
            raise Http404("no access rule")
        if rule.public or rule.api:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        set_person(request)
        if request.person is None and not request.user.is_staff:
            return end_session(request)
        if "code" in kwargs:
            set_programme(request, kwargs["code"])
        check(request, rule.act, rule.enterprise)
        if rule.write and request.method not in ("GET", "HEAD"):
            check(request, rule.write, rule.enterprise)
        return None


def end_session(request: MelioraRequest) -> HttpResponseBase:
    """Nobody stands behind the account any more: its session is over."""
    logout(request)
    said = _("Your access has ended. Ask an administrator of your enterprise.")
    messages.error(request, said)
    return redirect_to_login(request.get_full_path())


def people_of(user: int, today: date) -> Any:
    """The people that an account is, with their offices and what waits for them."""
    account = Account(pk=user)
    roles = EnterpriseRole.objects.filter(person=OuterRef("pk")).values("role")
    people: Any = Person.objects.filter(account=account, is_active=True)
    people = people.annotate(
        offices=ArraySubquery(roles),
        waiting=waiting_for(account, today),
        unread=unread_for(account, today),
    )
    return people.select_related("enterprise", "unit").order_by("pk")


PEOPLE = Composed(people_of, user=-7_410_664, today=date(1, 1, 2))


def set_person(request: MelioraRequest) -> None:
    """The person that the account is in the enterprise it works in now."""
    found = PEOPLE.rows(user=request.user.pk, today=timezone.localdate())
    chosen = request.session.get("enterprise")
    here = [one for one in found if one.enterprise_id == chosen] or found
    request.people = found
    request.person = here[0] if here else None
    request.waiting = found[0].waiting if found else 0
    request.unread = found[0].unread if found else 0
    if request.person:
        request.enterprise = request.person.enterprise


def pinned_of(user: int, code: str) -> Any:
    account = Account(pk=user)
    roles = Membership.objects.filter(
        programme=OuterRef("pk"),
        person__account=account,
        person__is_active=True,
        person__enterprise=OuterRef("enterprise"),
    )
    rows: Any = Programme.objects.visible_to(account).filter(
        Q(code=code) | ~Q(state=Programme.State.CLOSED)
    )
    rows = rows.annotate(
        my_roles=ArraySubquery(roles.values("role")),
        place=Window(RowNumber(), order_by=("name", "pk")),
        is_asked=Case(When(code=code, then=1), default=0),
    )
    joined = rows.select_related("enterprise", "unit", "pack")
    ordered = joined.order_by("-is_asked", "place")
    return ordered[: MOST_PINNED + 1]


PINNED = Composed(pinned_of, user=-7_410_664, code="the code of an address")


def pinned(user: Account, code: str = "") -> list[Any]:
    """The first programmes by name that are not closed; that of `code` before them.

    Each has `my_roles`, the user's roles in it, and `place` for the order by name.
    """
    return PINNED.rows(user=user.pk, code=code)


def set_programme(request: MelioraRequest, code: str) -> None:
    """The programme of the address and what the user may do in it, in one query."""
    rows = pinned(request.user, code)
    if not rows or rows[0].code != code:
        raise Http404(code)
    found = rows[0]
    request.programme = found
    request.enterprise = found.enterprise
    request.pinned = in_order(rows)
    here = [one for one in request.people if one.enterprise_id == found.enterprise_id]
    request.grants = Grants(
        account_id=request.user.pk,
        roles=frozenset(found.my_roles),
        enterprise_roles=frozenset(role for one in here for role in one.offices),
        person_ids=frozenset(one.pk for one in here),
        is_frozen=found.state != Programme.State.ACTIVE,
    )


def in_order(rows: list[Any]) -> list[Any]:
    """By name, without what is closed."""
    running = [one for one in rows if one.state != Programme.State.CLOSED]
    return sorted(running, key=lambda one: one.place)[:MOST_PINNED]


def check(request: MelioraRequest, act: str, enterprise: bool) -> None:
    if not act:
        return
    if enterprise:
        allowed = any(
            POLICY[act].enterprise & set(one.offices)
            for one in request.people
            if one.enterprise_id == request.enterprise.pk
        )
    else:
        allowed = request.grants.may(act) or may_own(request, act)
    if allowed:
        return
    if enterprise:
        message = _("This is done by: %(roles)s.") % {"roles": who_may(act)}
    else:
        message = request.grants.why_not(act)
    raise PermissionDenied(message)


def may_own(request: MelioraRequest, act: str) -> bool:
    """Some role may do it to what it owns; the view checks the record."""
    grants = request.grants
    if grants.is_frozen and act not in WHILE_FROZEN:
        return False
    return bool(grants.roles & POLICY[act].own)
