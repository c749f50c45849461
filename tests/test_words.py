"""No visible word of a page escapes translation."""

from __future__ import annotations

import re

import pytest
from lxml import html

from programmes.maths import catalogue
from tests.access_table import expected
from tests.addresses import addresses
from tests.pseudo import CLOSE, OPEN, pseudo_language
from tests.stage import Stage

pytestmark = pytest.mark.django_db

ACTORS = ("lead", "admin", "sponsor", "controller", "owner")
# What people type starts with this sign in the world of the tests.
TYPED = "§"
SHOWN = ("alt", "title", "placeholder", "aria-label", "data-label")
SILENT = {"script", "style", "code", "pre", "textarea", "kbd", "template", "svg"}
# Names that stay as they are, in every language.
NAMES = re.compile(
    r"\b(?:Meliora|OpenAPI|JSON|CSV|PDF|API|English|Deutsch|Ctrl|Esc|Enter|EUR|GBP|UTC|VA|BVA|NVA)\b"
    r"|(?:GET|POST|PUT|DELETE) /\S+|/api/\S+|\S+@\S+|https?://\S+"
)
WORD = re.compile(r"[^\W\d_]{2,}")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec Mon Tue Wed Thu Fri Sat Sun"
# Pages that print texts of the code itself, plain English by design: the methods with
# their formulas and explanations, and the schema of the API.
OF_THE_CODE = {"method", "methods", "api-docs"}


def without_translated(page: str) -> str:
    """The page without its brackets: a translated message may hold tags."""
    before = None
    while before != page:
        before = page
        page = re.sub(rf"{OPEN}[^{OPEN}{CLOSE}]*{CLOSE}", " ", page)
    return page


def outside_brackets(text: str) -> str:
    """What is left of a text without translated parts and typed data."""
    text = without_translated(text)
    text = re.sub(rf"{TYPED}[^\n]*", " ", text)
    text = NAMES.sub(" ", text)
    return " ".join(w for w in WORD.findall(text) if w not in MONTHS.split())


def texts(page: str) -> list[str]:
    """Every visible text, attribute values that are read out included."""
    tree = html.fromstring(page)
    found = []
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        hidden = any(one.tag in SILENT for one in (node, *node.iterancestors()))
        if not hidden and node.text:
            found.append(node.text)
        inside = any(one.tag in SILENT for one in node.iterancestors())
        if not inside and node.tail:
            found.append(node.tail)
        found += [node.get(name, "") for name in SHOWN]
    return found


def data_of(stage: Stage) -> set[str]:
    """Words of codes and addresses that the world holds as data."""
    codes = [stage.world.programme.code, "cycle", "diagnosis", "evaluation"]
    keys = [one.key for one in catalogue.methods()]
    return {word for text in codes + keys for word in WORD.findall(text)}


class TestEachPage:
    @pytest.mark.parametrize("name", addresses())
    def test_shows_translated_words_only(self, name: str, stage: Stage) -> None:
        may = expected(name, "GET", only_post=False).may
        actor = next((one for one in ACTORS if one in may), "lead")
        with pseudo_language():
            answer = stage.clients[actor].get(stage.paths[name])
            is_page = answer.get("Content-Type", "").startswith("text/")
            body = answer.content.decode() if is_page and not answer.streaming else ""
        is_page = answer.get("Content-Type", "").startswith("text/html")
        if not is_page or answer.status_code != 200 or name in OF_THE_CODE:
            return

        data = data_of(stage)
        left = [outside_brackets(text) for text in texts(without_translated(body))]
        untranslated = {text for text in left if set(text.split()) - data}

        assert not untranslated, sorted(untranslated)


class TestPseudoLanguage:
    def test_brackets_lazy_and_plural_messages(self) -> None:
        from django.utils.translation import gettext_lazy, ngettext

        lazy = gettext_lazy("Save")

        with pseudo_language():
            assert str(lazy) == f"{OPEN}Save{CLOSE}"
            assert ngettext("one", "many", 2) == f"{OPEN}many{CLOSE}"

    def test_untranslated_words_are_seen(self) -> None:
        assert outside_brackets(f"{OPEN}Save{CLOSE} now") == "now"
        assert outside_brackets("§typed by somebody") == ""
