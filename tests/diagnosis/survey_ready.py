"""A survey with answers."""

from __future__ import annotations

import re

from diagnosis.services.survey_answers import (
    record_response,
)
from diagnosis.services.surveys import (
    close_survey,
    questions_of,
)
from tests.world import NOW

HOSTILE = "§<svg onload=alert(1)>"


def given(survey, scale=4, nps=9, choice=1, text=""):
    values = (scale, nps, choice, text)
    return {
        one.pk: value for one, value in zip(questions_of(survey), values, strict=True)
    }


def answer(survey, count=1, start=0, **values):
    for number in range(start, start + count):
        record_response(
            survey=survey, answers=given(survey, **values), nonce=f"n{number}", now=NOW
        )


def close(world, survey):
    return close_survey(by=world.lead, survey=survey, now=NOW)


def filled(client, survey, **values):
    """The fields of the page as a browser would send them."""
    html = client.get(f"/s/{survey.token}/").content.decode()
    nonce = re.search(r'name="nonce" value="([^"]+)"', html)
    assert nonce
    fields = {f"q{key}": value for key, value in given(survey, **values).items()}
    return fields | {"nonce": nonce[1]}
