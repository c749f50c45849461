"""The form tags of ``{% load kit %}``: fields, errors and buttons."""

from typing import Any

from django import forms, template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

register = template.Library()

Words = str | Promise


@register.inclusion_tag("components/field.html")
def field(
    bound: forms.BoundField,
    hint: Words = "",
    *,
    before: Words = "",
    after: Words = "",
    kind: str = "",
) -> dict[str, Any]:
    """
    {% field form.target hint before="€" after=_("days") kind="short" %}

    Label, help, error and control, tied together for screen readers.
    """
    return {
        "field": bound,
        "shape": shape(bound),
        "control": control(bound, hint or bound.help_text, kind),
        "hint": hint or bound.help_text,
        "before": before,
        "after": after,
        "errors": bound.errors,
    }


def shape(bound: forms.BoundField) -> str:
    """How the field is laid out: hidden, choices, check, group or line."""
    widget = bound.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "group" if widget.use_fieldset else "line"


def control(bound: forms.BoundField, hint: object, kind: str) -> SafeString:
    """The widget with its class and with the ids of its hint and error."""
    css = {"check": "tick", "hidden": "", "choices": ""}.get(shape(bound), "input")
    if isinstance(bound.field.widget, forms.FileInput):
        css = ""
    own = bound.field.widget.attrs.get("class", "")
    told = [f"{bound.auto_id}-hint"] if hint else []
    told += [f"{bound.auto_id}-error"] if bound.errors else []
    attrs = {"class": " ".join(filter(None, (css, kind if css else "", own)))}
    if told:
        attrs["aria-describedby"] = " ".join(told)
    return bound.as_widget(attrs={key: value for key, value in attrs.items() if value})


@register.inclusion_tag("components/fields.html")
def fields(form: forms.BaseForm) -> dict[str, Any]:
    """{% fields form %}: the hidden and the visible fields, one below the other."""
    return {"form": form}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms_given: forms.BaseForm) -> dict[str, Any]:
    """{% error_summary form other_form %}: what is to be corrected, with links."""
    found: list[tuple[str, str]] = []
    for form in forms_given:
        found += [("", str(error)) for error in form.non_field_errors()]
        for bound in form:
            place = f"{bound.auto_id}_0" if shape(bound) == "choices" else bound.auto_id
            found += [(place, str(error)) for error in bound.errors]
    title = ngettext(
        "Not saved: one thing to correct",
        "Not saved: %(count)d things to correct",
        len(found),
    )
    return {"errors": found, "title": title % {"count": len(found)}}


@register.inclusion_tag("components/form_actions.html")
def form_actions(
    label: Words, cancel: str = "", *, tone: str = "primary"
) -> dict[str, Any]:
    """{% form_actions _("Save goal") cancel_href %}: the buttons of a form."""
    return {"label": label, "cancel": cancel, "tone": tone}
