"""Each method with formula, source, worked example and a calculator."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _

from programmes.access import MelioraRequest, access
from programmes.maths import catalogue
from programmes.phases import Phase

LONGEST_INPUT = 100_000


@access()
def methods(request: MelioraRequest) -> HttpResponse:
    groups: dict[str, list[catalogue.Method]] = {}
    for one in sorted(catalogue.methods(), key=lambda one: (one.phase, one.key)):
        groups.setdefault(str(Phase(one.phase).label), []).append(one)
    context = {
        "groups": groups,
        "crumbs": [{"label": _("Methods")}],
        "nav": "methods",
    }
    return render(request, "programmes/methods/methods.html", context)


@access()
def method(request: MelioraRequest, key: str) -> HttpResponse:
    """One method; the calculator takes and gives JSON."""
    try:
        found = catalogue.get(key)
    except catalogue.UnknownMethod:
        raise Http404(key) from None
    example = found.run(found.example)
    text = request.GET.get("inputs", "")[:LONGEST_INPUT]
    context = {
        "method": found,
        "example_inputs": pretty(found.example),
        "example_result": pretty(example),
        "inputs": text or pretty(found.example),
        **calculated(found, text),
        "crumbs": [
            {"label": _("Methods"), "href": reverse("methods")},
            {"label": found.name},
        ],
        "nav": "methods",
    }
    status = 422 if context.get("error") else 200
    return render(request, "programmes/methods/method.html", context, status=status)


def calculated(found: catalogue.Method, text: str) -> dict[str, Any]:
    """The result of the calculator, or what is wrong with its inputs."""
    if not text:
        return {}
    try:
        inputs = catalogue.parse_json(text)
        return {"result": pretty(found.run(inputs))}
    except (ValueError, TypeError) as error:
        return {"error": str(error)}


def pretty(value: Any) -> str:
    return json.dumps(catalogue.plain(value), indent=2, ensure_ascii=False)


urlpatterns = [
    path("methods/", methods, name="methods"),
    path("methods/<str:key>/", method, name="method"),
]
