"""The API's page, printed from its own schema."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

from programmes.access import MelioraRequest, access


@access()
def api_docs(request: MelioraRequest) -> HttpResponse:
    generator: Any = SchemaGenerator
    schema = generator().get_schema(request=None, public=True)
    operations = [
        operation(address, verb, found, schema)
        for address, verbs in schema["paths"].items()
        for verb, found in verbs.items()
        if "summary" in found
    ]
    context = {
        "operations": operations,
        "base": request.build_absolute_uri("/").rstrip("/"),
        "crumbs": [{"label": _("API")}],
        "nav": "help",
    }
    return render(request, "programmes/api/docs.html", context)


def operation(
    address: str, verb: str, found: dict[str, Any], schema: dict[str, Any]
) -> dict[str, Any]:
    body = found.get("requestBody", {}).get("content", {}).get("application/json", {})
    reference = body.get("schema", {}).get("$ref", "")
    name = reference.rsplit("/", 1)[-1]
    parts = schema.get("components", {}).get("schemas", {}).get(name, {})
    return {
        "verb": verb.upper(),
        "address": address,
        "summary": found["summary"],
        "description": found.get("description", ""),
        "fields": [
            {
                "name": key,
                "type": value.get("type", "object"),
                "needed": key in parts.get("required", []),
                "text": value.get("description", ""),
            }
            for key, value in parts.get("properties", {}).items()
        ],
    }
