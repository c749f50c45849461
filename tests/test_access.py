"""Each address has a rule, and each actor gets what the design says, and no more."""

from __future__ import annotations

from re import fullmatch
from typing import Any
from unittest import mock

import pytest
from django.template.backends.django import Template

from programmes.access import GUARDED_ELSEWHERE
from programmes.kit.pdf import Rendered
from programmes.models import ScopeItem
from programmes.views.register import REGISTERS
from tests.access_table import PAGES, POSTS, SIGNED_IN, WHO, WRITERS, Who, expected
from tests.addresses import addresses, parameters, patterns
from tests.stage import (
    ACTORS,
    Stage,
    has_key,
    is_of_programme,
    rolled_back,
)

# The database of the tests is made for tests that ask for it by this mark.
pytestmark = pytest.mark.django_db

DONE = {200, 201, 202, 302, 400, 404, 405, 409, 412, 422}
OWN = DONE | {403}
REFUSED = {403, 404}
# Open without a sign-in, each for a reason; nothing joins this list unreviewed.
PUBLIC = {"healthz", "readyz", "dev-mails", "styleguide", "verify"}
PUBLIC_PREFIXES = ("survey-", "staff-")
FORMS = ("-new", "-edit")
LATER = ("diagnosis", "design", "evaluation")
PAGES_OF_A_REGISTER = (
    *("new", "edit", "delete", "restore", "detail", "history", "export"),
)
HOLDERS = ("lead", "sponsor", "controller", "owner", "admin")


def our_patterns() -> list[tuple[str, Any]]:
    return [(name, one) for name, one in patterns() if not name.startswith("admin:")]


def is_api(name: str) -> bool:
    view = dict(patterns())[name].callback
    return bool(view.access.api)


class TestEachAddress:
    def test_has_a_rule_or_guards_itself(self) -> None:
        without = [
            name
            for name, one in our_patterns()
            if getattr(one.callback, "access", None) is None
            and not one.callback.__module__.startswith(GUARDED_ELSEWHERE)
        ]

        assert without == []

    def test_is_public_only_where_reviewed(self) -> None:
        public = {
            name
            for name, one in our_patterns()
            if getattr(one.callback, "access", None) and one.callback.access.public
        }

        assert [
            name
            for name in sorted(public - PUBLIC)
            if not name.startswith(PUBLIC_PREFIXES)
        ] == []

    def test_programme_addresses_name_an_act_or_leave_it_to_a_service(self) -> None:
        silent = {
            name
            for name, one in our_patterns()
            if "code" in one.pattern.converters
            and not one.callback.access.act
            and not one.callback.access.public
        }

        # The chair may be a delegate, the voter anybody with a seat: services ask.
        by_service = {"decide", "undo", "resume", "reveal", "vote", "waiver-answer"}
        by_service |= {"reaffirm", "reopen"}
        known = {f"gate-{one}" for one in by_service}
        assert silent <= known | {"tasks-finish"}

    def test_of_phases_3_to_8_stands_in_the_table(self) -> None:
        registers = {one.slug: one.model for one in REGISTERS}
        pages = {f"{slug}-{page}" for slug in registers for page in PAGES_OF_A_REGISTER}
        silent = [
            name
            for name, one in our_patterns()
            if one.callback.__module__.startswith(LATER)
            and not is_api(name)
            and name not in PAGES
            and name not in pages | set(registers)
            and not any(fullmatch(pattern, name) for pattern, _method in WHO)
            and name.rpartition("-")[0] not in WRITERS
        ]

        assert silent == []
        assert [
            slug
            for slug, model in registers.items()
            if model.__module__.startswith(LATER) and slug not in WRITERS
        ] == []

    def test_the_table_names_addresses_that_exist(self) -> None:
        known = {name for name, _one in our_patterns()}
        slugs = {one.slug for one in REGISTERS} | {"survey-question"}

        assert set(PAGES) - known == set()
        assert set(WRITERS) - slugs == set()

    def test_without_a_rule_is_closed(self, rf: Any) -> None:
        from django.http import Http404, HttpResponse

        from programmes.access import AccessMiddleware

        def view(request: Any) -> HttpResponse:
            return HttpResponse()

        with pytest.raises(Http404):
            AccessMiddleware(view).process_view(rf.get("/"), view, (), {})


def wanted(name: str, actor: str, rule: Who) -> set[int]:
    """The statuses that the actor may see."""
    if actor in rule.may:
        return DONE
    if actor in rule.own:
        return OWN
    if actor == "anonymous":
        return {401, 403} if is_api(name) else {302}
    if is_of_programme(name) and actor not in SIGNED_IN - {
        "admin",
        "outsider",
        "stranger",
    }:
        return {404}
    return {403}


Answers = dict[str, int]


def answers_of(stage: Stage, name: str, method: str) -> Answers:
    """The status that each actor gets."""
    found = {}
    for actor in ACTORS:
        answer = stage.ask(actor, stage.paths[name], method, POSTS.get(name))
        found[actor] = answer.status_code
        if actor == "anonymous" and answer.status_code == 302:
            at_door = answer["Location"].startswith("/accounts/login/")
            found[actor] = 302 if at_door else 200
    return found


def complain(stage: Stage, name: str) -> list[str]:
    """Where an answer is not as designed: to GET, and to POST where that writes."""
    view = dict(patterns())[name].callback
    got = answers_of(stage, name, "GET")
    # Whoever passes the door learns whether the view takes GET.
    only_post = 405 in [got[one] for one in HOLDERS]
    given = {} if only_post else {"GET": got}
    if only_post or name.endswith(FORMS) or view.access.write:
        given["POST"] = answers_of(stage, name, "POST")
    return [
        f"{name} {method} {actor}: {status}"
        for method, answers in given.items()
        for actor, status in answers.items()
        if status not in wanted(name, actor, expected(name, method, only_post))
    ]


class TestMatrix:
    """Every address x every actor. Drawing is left out: rights come before it."""

    @pytest.mark.parametrize("name", [one for one in addresses() if not is_api(one)])
    def test_answers_as_designed(self, name: str, stage: Stage) -> None:
        drawn = Rendered(b"%PDF", pages=1)
        with (
            mock.patch.object(Template, "render", return_value="drawn"),
            mock.patch("programmes.kit.pdf.render", return_value=drawn),
        ):
            wrong = complain(stage, name)

        assert not wrong, wrong

    @pytest.mark.parametrize("name", [one for one in addresses() if is_api(one)])
    def test_api_asks_for_a_token(self, name: str, stage: Stage) -> None:
        answers = [
            stage.ask("anonymous", stage.paths[name], method).status_code
            for method in ("GET", "POST")
        ]

        assert set(answers) <= {401, 403, 405}


class TestOwnRows:
    """Who may on what is theirs: may on it, and may not on another's."""

    @pytest.mark.parametrize(
        ("slug", "actor"),
        [
            (slug, actor)
            for slug, rule in sorted(WRITERS.items())
            for actor in sorted(rule.own)
        ],
    )
    def test_are_written_and_others_are_not(
        self, slug: str, actor: str, stage: Stage
    ) -> None:
        path = stage.paths[f"{slug}-edit"]
        account = getattr(stage.world, actor)

        answers = []
        for owner in (account, stage.world.lead):
            with rolled_back():
                give(slug, stage, owner)
                answers.append(stage.ask(actor, path).status_code)

        assert answers == [200, 403]


def give(slug: str, stage: Stage, account: Any) -> None:
    """All rows of the register belong to this account."""
    register = next(one for one in REGISTERS if one.slug == slug)
    person = account.people.get(enterprise=stage.world.enterprise)
    ScopeItem.objects.of(stage.world.programme).update(owner=person)
    names = {field.name for field in register.model._meta.get_fields()}
    rows: Any = register.model._default_manager
    rows.of(stage.world.programme).update(
        created_by=account,
        **{one: person for one in ("owner", "person") if one in names},
    )


class TestForeignRows:
    """Rows of another enterprise cannot be reached under a programme of ours."""

    @pytest.mark.parametrize(
        "name", [one for one in addresses() if is_of_programme(one) and has_key(one)]
    )
    def test_are_not_there(self, name: str, stage: Stage) -> None:
        path = stage.foreign_path(name)
        assert path != stage.paths[name], f"tests/*/fill.py makes no row for {name}"

        statuses = set()
        for actor in ("lead", "sponsor", "controller", "owner"):
            for method in ("GET", "POST"):
                answer = stage.ask(actor, path, method, POSTS.get(name))
                statuses.add(answer.status_code)
            if 404 in statuses:
                break

        assert statuses <= {403, 404, 405}
        assert 404 in statuses

    @pytest.mark.parametrize(
        "name",
        [
            one
            for one in addresses()
            if not is_of_programme(one) and "pk" in parameters(one)
        ],
    )
    def test_of_the_enterprise_are_not_there(self, name: str, stage: Stage) -> None:
        path = stage.foreign_path(name)

        # Packs belong to the method owner, everything else to the administrator.
        actor = "viewer" if name.startswith("pack") else "admin"
        statuses = {
            stage.ask(actor, path, method).status_code for method in ("GET", "POST")
        }

        assert statuses <= {404, 405}

    @pytest.mark.parametrize("slug", [one.slug for one in REGISTERS])
    def test_cannot_be_chosen_in_a_form(self, slug: str, stage: Stage) -> None:
        register = next(one for one in REGISTERS if one.slug == slug)
        ours, theirs = stage.world.programme, stage.far.programme
        form = register.form(
            instance=register.model(programme=ours),
            programme=ours,
            user=stage.world.lead,
        )
        choices = {
            name: field
            for name, field in form.fields.items()
            if hasattr(field, "queryset")
        }

        for name, field in choices.items():
            rows = type(field.queryset.first() or field.queryset.model())
            foreign = rows._default_manager.exclude(
                pk__in=field.queryset.values("pk")
            ).first()
            assert not field.queryset.filter(**side(rows, theirs)).exists()
            if foreign is None:
                continue
            sent = register.form(
                {name: foreign.pk},
                instance=register.model(programme=ours),
                programme=ours,
                user=stage.world.lead,
            )
            assert name in sent.errors, (slug, name)


def side(model: Any, programme: Any) -> dict[str, Any]:
    """What marks a row of that programme or its enterprise."""
    names = {field.name for field in model._meta.get_fields()}
    if "programme" in names:
        return {"programme": programme}
    return {"enterprise": programme.enterprise}
