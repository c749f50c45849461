"""The tags of ``{% load kit %}`` that hold content: panels, dialogs, messages."""

import hashlib
from collections.abc import Sequence

from django import template
from django.template.library import SimpleBlockNode
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

register = template.Library()
# Django 5.2 does not look for blocks inside a block tag, so that {{ block.super }} of a
# page whose base has its block there would be empty.
SimpleBlockNode.child_nodelists = ("nodelist",)

Words = str | Promise

MORE = _("More actions")


@register.simple_block_tag(end_name="endempty_state")
def empty_state(content: str, icon: str, title: Words, text: Words = "") -> SafeString:
    """{% empty_state icon title text %}buttons{% endempty_state %}"""
    return block("empty", content, icon=icon, title=title, text=text)


@register.simple_block_tag(end_name="endcallout")
def callout(
    content: str,
    tone: str,
    title: Words,
    text: Words = "",
    *,
    icon: str = "",
    gate: str = "",
    slim: bool = False,
) -> SafeString:
    """{% callout tone title text icon=… gate=… slim=True %}button{% endcallout %}"""
    given = {"tone": tone, "title": title, "text": text, "icon": icon, "gate": gate}
    return block("callout", content, **given, slim=slim)


@register.simple_block_tag(end_name="endpage_head")
def page_head(
    content: str,
    title: Words,
    *,
    phase: int | None = None,
    eyebrow: Words = "",
    meta: Words | Sequence[Words] = (),
    lead: Words = "",
    gate: str = "",
) -> SafeString:
    """{% page_head title phase=… eyebrow=… meta=… lead=… %}actions{% endpage_head %}"""
    lines = [meta] if isinstance(meta, str | Promise) else meta
    given = {"title": title, "phase": phase, "eyebrow": eyebrow, "lead": lead}
    return block("page_head", content, **given, meta=lines, gate=gate)


@register.simple_block_tag(end_name="endpanel")
def panel(
    content: str,
    title: Words,
    note: Words = "",
    *,
    href: str = "",
    more: Words = "",
    kind: str = "",
    id: str = "",
) -> SafeString:
    """{% panel title note href=… more=… kind="flush" id=… %}…{% endpanel %}"""
    given = {"title": title, "note": note, "href": href, "more": more, "kind": kind}
    return block("panel", content, **given, id=id or short_id("panel", str(title)))


@register.simple_block_tag(end_name="endmenu")
def menu(content: str, label: Words = MORE) -> SafeString:
    """{% menu label %}links and buttons{% endmenu %}: a menu behind a button."""
    return block("menu", content, label=label)


@register.simple_block_tag(end_name="enddialog")
def dialog(content: str, id: str, title: Words) -> SafeString:
    """{% dialog id title %}…{% enddialog %}, opened by data-dialog="id"."""
    return block("dialog", content, id=id, title=title)


def block(name: str, content: str, **given: object) -> SafeString:
    return render_to_string(f"components/{name}.html", {**given, "content": content})


def short_id(prefix: str, text: str) -> str:
    """An id that is the same for the same text: fragments and pages agree on it."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return f"{prefix}-{digest}"
