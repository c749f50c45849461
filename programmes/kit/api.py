"""What the API reads, and its errors, all as RFC 9457 problem+json."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import exception_handler

from programmes.kit.errors import Refusal

MEDIA_TYPE = "application/problem+json"
DEEPEST = 32


class Parser(JSONParser):
    """JSON of sensible depth, whose texts can be stored."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            found = super().parse(*args, **kwargs)
        except RecursionError:
            raise exceptions.ParseError(too_deep()) from None
        check_parts(found)
        return found


def too_deep() -> str:
    return f"The body is nested deeper than {DEEPEST} levels."


def check_parts(value: Any) -> None:
    """:raises ParseError: too deep, or a text with half a surrogate pair."""
    level = [value]
    for _depth in range(DEEPEST):
        for one in level:
            if isinstance(one, str) and not is_storable(one):
                raise exceptions.ParseError(
                    "A text contains half a surrogate pair, such as \\ud800."
                )
        level = [
            part
            for one in level
            if isinstance(one, list | dict)
            for part in (one if isinstance(one, list) else [*one, *one.values()])
        ]
        if not level:
            return
    raise exceptions.ParseError(too_deep())


def is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def problem_answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API in one form; bugs stay 500 and are logged."""
    if isinstance(error, Refusal):
        return problem(
            error.status,
            error.code,
            str(error),
            [
                {"pointer": f"/{name}", "detail": str(text)}
                for name, text in error.fields.items()
            ],
        )
    if isinstance(error, ValueError) and not isinstance(error, UnicodeError):
        return problem(400, "invalid-input", str(error))
    response = exception_handler(error, context)
    if response is None:
        return None
    code = getattr(error, "default_code", "error")
    if isinstance(error, Http404):
        code = "not-found"
    elif isinstance(error, PermissionDenied):
        code = "not-allowed"
    errors = (
        pointers(error.detail) if isinstance(error, exceptions.ValidationError) else []
    )
    detail = errors[0]["detail"] if errors else str(getattr(error, "detail", error))
    answer = problem(response.status_code, code, detail, errors)
    for name in ("WWW-Authenticate", "Retry-After", "Allow"):
        if name in response.headers:
            answer[name] = response[name]
    return answer


def problem(
    status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> Response:
    body = {
        "type": f"/api/docs/#{code}",
        "title": code.replace("-", " ").replace("_", " "),
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type=MEDIA_TYPE)


def pointers(detail: Any, path: str = "") -> list[dict[str, str]]:
    """Flatten a serializer's errors into JSON pointers."""
    if isinstance(detail, dict):
        return [
            found
            for name, inner in detail.items()
            for found in pointers(inner, f"{path}/{name}")
        ]
    if isinstance(detail, list):
        if any(isinstance(one, dict) for one in detail):
            return [
                found
                for index, inner in enumerate(detail)
                for found in pointers(inner, f"{path}/{index}")
            ]
        return [{"pointer": path or "/", "detail": str(one)} for one in detail]
    return [{"pointer": path or "/", "detail": str(detail)}]
