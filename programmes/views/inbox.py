"""The inbox: what one was told, and marking it read."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.kit.given import whole
from programmes.models import Notification, Programme
from programmes.services.notifications import sentence

PER_PAGE = 50


@access()
def inbox(request: MelioraRequest) -> HttpResponse:
    """The newest first; of programmes that one may still see."""
    rows = Notification.objects.filter(
        account=request.user, programme__in=Programme.objects.visible_to(request.user)
    ).select_related("programme")
    pages = Paginator(rows.order_by("-at", "-pk"), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"line": one, "said": sentence(one)} for one in page],
        "crumbs": [{"label": _("Notifications")}],
        "nav": "inbox",
    }
    return render(request, "programmes/inbox/inbox.html", context)


@access()
@require_POST
def follow(request: MelioraRequest) -> HttpResponse:
    """Mark one line read and go where it leads; without a line, mark all read."""
    rows = Notification.objects.filter(account=request.user)
    wanted = whole(request.POST, "line")
    if not wanted:
        rows.filter(read_at=None).update(read_at=timezone.now())
        return HttpResponseRedirect(reverse("inbox"))
    line = get_object_or_404(rows, pk=wanted)
    if line.read_at is None:
        line.read_at = timezone.now()
        line.save(update_fields=["read_at"])
    inside = url_has_allowed_host_and_scheme(line.url, allowed_hosts=None)
    return HttpResponseRedirect(line.url if inside else reverse("inbox"))


urlpatterns = [
    path("inbox/", inbox, name="inbox"),
    path("inbox/follow/", follow, name="inbox-follow"),
]
