"""The one way a service says no."""

from collections.abc import Mapping

from django.utils.functional import Promise

Text = str | Promise


class Refusal(Exception):
    """A rule says no. The message is for the person who asked.

    `code` is stable for machines; `fields` names form fields where that helps.
    """

    code = "refused"
    status = 409

    def __init__(self, message: Text, fields: Mapping[str, Text] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(Refusal):
    """The person may see the record but not do this."""

    code = "not-allowed"
    status = 403


class Unavailable(Refusal):
    """Something outside does not answer; what was asked for may be there later."""

    code = "unavailable"
    status = 503


class Conflict(Refusal):
    """Somebody else saved first; nothing was overwritten."""

    code = "conflict"
    status = 412
