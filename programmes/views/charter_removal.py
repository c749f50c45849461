"""Taking a row out of a step of the wizard, and putting it back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.kit.errors import Refusal
from programmes.models import Membership, OrgUnit, Person
from programmes.services.programmes import grant_role, revoke_role
from programmes.services.records import delete_record, restore_record
from programmes.views.charter import BASE, step_of, url_of
from programmes.views.charter_rows import drafts_of, keep, rows_of_step
from programmes.views.charter_steps import TEAM, Step

UNDO_SECONDS = 3600
SALT = "charter-role"


def row_of(request: MelioraRequest, step: Step) -> tuple[str, int]:
    """The slug and the key of `?row=objectives-12`, of a list of the step.

    :raises Http404: there is no such list.
    """
    found = re.fullmatch(r"([a-z-]+)-(\d{1,9})", request.GET.get("row", ""))
    slugs = {one.slug for one in step.sections if one.many}
    if step.key == TEAM:
        slugs.add(TEAM)
    if found is None or found[1] not in slugs:
        raise Http404(request.GET.get("row"))
    return found[1], int(found[2])


def record_of(request: MelioraRequest, step: Step, *, is_deleted: bool) -> Any:
    slug, key = row_of(request, step)
    model = next(one.model for one in step.sections if one.slug == slug)
    rows = model.objects.visible_to(request.user).filter(
        programme=request.programme, deleted_at__isnull=not is_deleted
    )
    return get_object_or_404(rows, pk=key)


@access("mandate.edit")
@require_POST
def remove(request: MelioraRequest, code: str, step: str) -> HttpResponse:
    """Take a row out; what was typed in the others of the page is saved with it."""
    here = step_of(step)
    row = "-".join(map(str, row_of(request, here)))
    typed = {name for name in request.POST if not name.startswith(f"{row}-")}
    try:
        if len(typed) > 1:
            rows_of_step(request, here, request.POST).save(request, timezone.now())
        name, undo = taken_out(request, here)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        gone = [one for one in drafts_of(request, here) if one.startswith(f"{row}-")]
        keep(request, here, dict.fromkeys(gone))
        query = urlencode(undo)
        href = reverse("charter-restore", args=[code, step])
        messages.success(
            request,
            _("%(name)s removed.") % {"name": name},
            extra_tags=f"undo:{href}?{query}",
        )
    return HttpResponseRedirect(url_of(request.programme, here.key))


def taken_out(request: MelioraRequest, here: Step) -> tuple[str, dict[str, str]]:
    """Remove it by the service of its kind; its name, and what undo needs to know."""
    slug, key = row_of(request, here)
    now = timezone.now()
    if slug == TEAM:
        member = get_object_or_404(Membership, programme=request.programme, pk=key)
        name, token = str(member), token_of(request, member)
        revoke_role(by=request.user, membership=member, now=now)
        return name, {"token": token}
    record = record_of(request, here, is_deleted=False)
    delete_record(by=request.user, record=record, now=now)
    return str(record), {"row": f"{slug}-{key}"}


def salt(request: MelioraRequest) -> str:
    return f"{SALT}:{request.programme.pk}:{request.user.pk}"


def token_of(request: MelioraRequest, member: Membership) -> str:
    value = [
        member.person_id,
        member.role,
        member.seat,
        member.unit_id,
        member.capacity_percent,
    ]
    return signing.dumps(value, salt=salt(request))


@access("mandate.edit")
@require_POST
def restore(request: MelioraRequest, code: str, step: str) -> HttpResponse:
    """Put back what was removed."""
    here = step_of(step)
    try:
        name = put_back(request, here)
    except signing.BadSignature:
        messages.error(request, _("This can no longer be undone."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is back.") % {"name": name})
    return HttpResponseRedirect(url_of(request.programme, here.key))


def put_back(request: MelioraRequest, here: Step) -> str:
    now = timezone.now()
    if here.key != TEAM:
        record = record_of(request, here, is_deleted=True)
        restore_record(by=request.user, record=record, now=now)
        return str(record)
    person, role, seat, unit, capacity = signing.loads(
        request.GET.get("token", ""), salt=salt(request), max_age=UNDO_SECONDS
    )
    enterprise = request.programme.enterprise_id
    member = grant_role(
        by=request.user,
        programme=request.programme,
        person=get_object_or_404(Person, pk=person, enterprise=enterprise),
        role=role,
        seat=seat,
        unit=OrgUnit.objects.filter(pk=unit, enterprise=enterprise).first(),
        capacity_percent=capacity,
        now=now,
    )
    return str(member)


urlpatterns = [
    path(f"{BASE}<slug:step>/remove/", remove, name="charter-remove"),
    path(f"{BASE}<slug:step>/restore/", restore, name="charter-restore"),
]
