"""The public check: is this PDF what was issued? It says yes, no or unknown, no more.

Nothing is kept: the file is hashed and dropped, the address counted for a minute.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from programmes.access import access
from programmes.forms.documents import LARGEST_PDF, VerifyForm
from programmes.kit.callers import too_large, too_many
from programmes.services.documents import Answer, compare

# The parts of a form around the file.
AROUND = 64 * 1024


# It changes nothing and knows nobody, so nobody can be made to send it for another.
@csrf_exempt
@access(public=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The form, and below it the answer."""
    if too_many(request, "verify"):
        said = _("Please wait a minute and try again.")
        response = page(request, VerifyForm(), refusal=said, status=429)
        response["Retry-After"] = "60"
        return response
    if too_large(request, LARGEST_PDF + AROUND):
        said = _("The file is too large. Enter its SHA-256 instead.")
        return page(request, VerifyForm(), refusal=said, status=413)
    if request.method != "POST":
        number = request.GET.get("number", "")[:20]
        return page(request, VerifyForm(initial={"reference": number}))
    form = VerifyForm(request.POST, request.FILES)
    if not form.is_valid():
        return page(request, form, status=422)
    answer = compare(
        reference=form.cleaned_data["reference"],
        digest=form.cleaned_data["digest"],
        carried=form.cleaned_data.get("carried", ()),
    )
    return page(request, form, answer=answer)


def page(
    request: HttpRequest,
    form: VerifyForm,
    *,
    answer: Answer | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "answer": str(answer or ""),
        "has_number": bool(answer and form.cleaned_data["reference"].strip()),
        "refusal": refusal,
    }
    template = "programmes/verify/verify.html"
    return render(request, template, context, status=status)


urlpatterns = [path("verify/", verify, name="verify")]
