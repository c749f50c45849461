"""The tags of ``{% load kit %}`` for long lists: heads that sort, and pages."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.functional import Promise

register = template.Library()

Words = str | Promise


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: Page[Any], key: str = "page") -> dict[str, Any]:
    """{% pagination page %}: range, total, previous and next; keeps the query."""
    links = {}
    if page.has_previous():
        links["previous"] = with_query(context, key, page.previous_page_number())
    if page.has_next():
        links["next"] = with_query(context, key, page.next_page_number())
    return {"page": page, **links}


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(
    context: Context, key: str, label: Words, *, numeric: bool = False, first: str = ""
) -> dict[str, Any]:
    """
    {% sort_head "name" _("Name") %}: a table head that sorts by ?sort=name or -name.

    :param first: the order of the page when nothing is chosen, e.g. "-due"
    """
    now = context["request"].GET.get("sort", first)
    order = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    chosen = f"-{key}" if order == "ascending" else key
    return {
        "label": label,
        "href": with_query(context, "sort", chosen, drop="page"),
        "order": order,
        "numeric": numeric,
    }


def with_query(context: Context, key: str, value: object, drop: str = "") -> str:
    """The address of the page with one value of its query changed."""
    query = context["request"].GET.copy()
    query.pop(drop, None)
    query[key] = str(value)
    return f"?{query.urlencode()}"
