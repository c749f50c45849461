"""Tokens for machines: the administrator's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from programmes.access import MelioraRequest, access
from programmes.forms.people import TokenForm
from programmes.kit.errors import Refusal
from programmes.models import ApiToken
from programmes.services.tokens import create_token, revoke_token

SECRET = "token_secret"  # noqa: S105 - the name of a session entry


@access("token.edit", enterprise=True)
def tokens(request: MelioraRequest) -> HttpResponse:
    """The list, the form, and once the secret of the token just made."""
    form = TokenForm(request.POST or None, enterprise=request.enterprise)
    if request.method == "POST" and form.is_valid():
        try:
            token, secret = create_token(
                by=request.user,
                enterprise=request.enterprise,
                now=timezone.now(),
                **form.cleaned_data,
            )
        except Refusal as refusal:
            name = next((one for one in refusal.fields if one in form.fields), None)
            form.add_error(name, str(refusal))
        else:
            request.session[SECRET] = {"name": token.name, "secret": secret}
            return HttpResponseRedirect(request.path)
    rows = ApiToken.objects.filter(enterprise=request.enterprise)
    context = {
        "tokens": rows.select_related("programme", "created_by").order_by("-pk"),
        "form": form,
        "fresh": request.session.pop(SECRET, None),
        "scope_words": dict(ApiToken.Scope.choices),
        "today": timezone.now().date(),
        "crumbs": [
            {"label": _("People"), "href": reverse("people")},
            {"label": _("Tokens")},
        ],
        "nav": "people",
    }
    status = 422 if form.errors else 200
    return render(request, "programmes/people/tokens.html", context, status=status)


@access("token.edit", enterprise=True)
@require_POST
def revoke(request: MelioraRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, enterprise=request.enterprise)
    revoke_token(by=request.user, token=token, now=timezone.now())
    messages.success(request, _("The token %(name)s ended.") % {"name": token.name})
    return HttpResponseRedirect(reverse("tokens"))


urlpatterns = [
    path("settings/tokens/", tokens, name="tokens"),
    path("settings/tokens/<int:pk>/revoke/", revoke, name="token-revoke"),
]
