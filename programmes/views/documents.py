"""Issued documents: the lists, the PDF, and checking one."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.models import Document, Programme
from programmes.services.documents import check


@access("programme.read")
def documents(request: MelioraRequest, code: str) -> HttpResponse:
    rows = Document.objects.filter(programme=request.programme)
    context = {
        "documents": rows.select_related("issued_by").order_by("-issued_at"),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Documents")},
        ],
        "nav": "documents",
    }
    return render(request, "programmes/documents/documents.html", context)


@access()
def reports(request: MelioraRequest) -> HttpResponse:
    """The reports of all programmes that one may see."""
    rows = Document.objects.filter(
        programme__in=Programme.objects.visible_to(request.user)
    ).select_related("programme", "issued_by")
    page = Paginator(rows.order_by("-issued_at"), 50).get_page(request.GET.get("page"))
    context = {"page": page, "crumbs": [{"label": _("Reports")}], "nav": "reports"}
    return render(request, "programmes/documents/reports.html", context)


@access("programme.read")
def document(request: MelioraRequest, code: str, pk: int) -> HttpResponse:
    """One document, with its fingerprints computed again."""
    rows = Document.objects.filter(programme=request.programme)
    found = get_object_or_404(rows.select_related("issued_by", "review__gate"), pk=pk)
    context = {
        "document": found,
        "check": check(found),
        "crumbs": [
            {"label": request.programme.name, "href": f"/p/{code}/"},
            {"label": _("Documents"), "href": f"/p/{code}/documents/"},
            {"label": str(found)},
        ],
        "nav": "documents",
    }
    return render(request, "programmes/documents/document.html", context)


@access("programme.read")
def pdf(request: MelioraRequest, code: str, pk: int) -> HttpResponseBase:
    """The stored file, as an attachment that no browser runs anything of."""
    found = get_object_or_404(Document, programme=request.programme, pk=pk)
    name = f"{code}-{found.kind}-{found.number}.pdf"
    response = FileResponse(
        found.pdf.open("rb"),
        as_attachment=True,
        filename=name,
        content_type="application/pdf",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


urlpatterns = [
    path("p/<slug:code>/documents/", documents, name="documents"),
    path("p/<slug:code>/documents/<int:pk>/", document, name="document"),
    path("p/<slug:code>/documents/<int:pk>/pdf/", pdf, name="document-pdf"),
    path("reports/", reports, name="reports"),
]
