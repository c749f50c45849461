"""Problems, causes, evidence, the vital few, and what gate 3 asks of them."""

from __future__ import annotations

import pytest

from diagnosis.models import Cause, Evidence, Problem
from diagnosis.services.problems import (
    CannotMerge,
    merge_problem,
    save_problem,
    separate_problem,
)
from diagnosis.views.problems import finding, in_words, tree
from programmes.kit.errors import NotAllowed
from programmes.services.records import Invalid, delete_record
from tests.diagnosis.test_environment import HOSTILE, assessed
from tests.world import NOW, scope_process

RATING = {"severity": 5, "occurrence": 4, "detection": 3}


def report(world, by="lead", title="§Orders wait", **values):
    record = Problem(programme=world.programme, title=title, **values)
    account = world.accounts[by]
    return save_problem(by=account, record=record, now=NOW, act="problem.create")


def place(world, title="§Orders wait", category="§Waiting", **values):
    given = {"unit": world.unit, "category": category, **RATING} | values
    return report(world, title=title, **given)


def chain(world, problem, length):
    """Whys, each explained by the next."""
    cause = None
    for number in range(length):
        cause = world.save(
            Cause, problem=problem, parent=cause, text=f"§Why {number + 1}"
        )
    return cause


class TestSaveProblem:
    def test_is_reported_first(self, world):
        assert report(world, by="member").state == "reported"

    def test_is_rated_with_three_ratings(self, world):
        assert report(world, **RATING).state == "rated"

    def test_is_placed_when_place_and_category_are_known(self, world):
        process = scope_process(world)

        found = report(world, process=process, category="§Waiting", **RATING)

        assert (found.state, found.rpn) == ("placed", 60)

    def test_refuses_a_rating_outside_one_to_ten(self, world):
        with pytest.raises(Invalid):
            report(world, **(RATING | {"severity": 11}))

    def test_is_not_for_viewers(self, world):
        with pytest.raises(NotAllowed):
            report(world, by="viewer")

    def test_lets_a_member_change_only_what_they_reported(self, world):
        own, other = report(world, by="member"), report(world)
        own.title = other.title = "§Changed"

        save_problem(by=world.member, record=own, now=NOW)

        with pytest.raises(NotAllowed):
            save_problem(by=world.member, record=other, now=NOW)

    def test_has_no_number_before_it_is_rated(self, world):
        problem = report(world, severity=9)

        assert problem.rpn is None
        assert problem.is_grave


class TestMergeProblem:
    def test_counts_the_two_once(self, world):
        twin, other = report(world), report(world, title="§The same")

        merge_problem(by=world.lead, problem=twin, into=other, now=NOW)

        twin.refresh_from_db()
        assert (twin.state, twin.merged_into) == ("merged", other)

    def test_keeps_the_state_when_it_is_edited(self, world):
        twin, other = report(world), report(world, title="§The same")
        merged = merge_problem(by=world.lead, problem=twin, into=other, now=NOW)

        assert save_problem(by=world.lead, record=merged, now=NOW).state == "merged"

    def test_can_be_taken_back(self, world):
        twin, other = place(world), report(world, title="§The same")
        merged = merge_problem(by=world.lead, problem=twin, into=other, now=NOW)

        back = separate_problem(by=world.lead, problem=merged, now=NOW)

        assert (back.state, back.merged_into) == ("placed", None)

    def test_refuses_itself(self, world):
        problem = report(world)

        with pytest.raises(CannotMerge):
            merge_problem(by=world.lead, problem=problem, into=problem, now=NOW)

    def test_refuses_a_chain_of_mergers(self, world):
        first, second, third = (report(world, title=f"§{n}") for n in "abc")
        merge_problem(by=world.lead, problem=first, into=second, now=NOW)

        with pytest.raises(CannotMerge):
            merge_problem(by=world.lead, problem=third, into=first, now=NOW)
        with pytest.raises(CannotMerge):
            merge_problem(by=world.lead, problem=second, into=third, now=NOW)

    def test_works_by_the_page_and_back(self, world, sign_in):
        twin, other = report(world), report(world, title="§The same")
        client = sign_in(world.lead)
        url = f"/p/o2c/problems/{twin.pk}/merge/"

        client.post(url, {"into": other.pk})
        twin.refresh_from_db()
        merged = twin.state
        client.post(f"{url}?separate=1")
        twin.refresh_from_db()

        assert (merged, twin.state) == ("merged", "reported")
        assert client.post(url, {"into": "§"}).status_code == 404
        assert client.post(url, {"into": twin.pk}).status_code == 302


class TestCause:
    def test_takes_seven_whys_and_no_eighth(self, world):
        problem = report(world)
        seventh = chain(world, problem, 7)

        with pytest.raises(Invalid):
            world.save(Cause, problem=problem, parent=seventh, text="§Why 8")

    def test_cannot_explain_itself(self, world):
        second = chain(world, report(world), 2)
        first = second.parent
        first.parent = second

        with pytest.raises(Invalid):
            world_save(world, first)

    def test_stays_within_its_problem(self, world):
        cause = chain(world, report(world), 1)

        with pytest.raises(Invalid):
            world.save(Cause, problem=report(world, title="§b"), parent=cause, text="§")

    def test_is_walked_depth_first(self, world):
        problem = report(world)
        first = world.save(Cause, problem=problem, text="§1")
        world.save(Cause, problem=problem, text="§2")
        world.save(Cause, problem=problem, parent=first, text="§1.1")

        rows = tree(list(Cause.objects.order_by("pk")))

        assert [(one["cause"].text, one["depth"]) for one in rows] == [
            ("§1", 1),
            ("§1.1", 2),
            ("§2", 1),
        ]

    def test_stands_at_the_top_when_what_it_explained_is_deleted(self, world):
        second = chain(world, report(world), 2)
        delete_record(by=world.lead, record=second.parent, now=NOW)

        rows = tree(list(Cause.objects.of(world.programme)))

        assert [one["depth"] for one in rows] == [1]


def world_save(world, record):
    from programmes.services.records import save_record

    return save_record(by=world.lead, record=record, now=NOW)


class TestEvidence:
    @pytest.mark.parametrize("link", ["javascript:alert(1)", "§no address"])
    def test_takes_web_addresses_only(self, world, link):
        cause = chain(world, report(world), 1)

        with pytest.raises(Invalid):
            world.save(Evidence, cause=cause, kind="data", text="§Log", link=link)


class TestProblemPages:
    def test_show_hostile_text_as_text(self, world, sign_in):
        problem = place(world, title=HOSTILE, category="§<b>bold", description=HOSTILE)
        cause = world.save(Cause, problem=problem, text=HOSTILE, is_root=True)
        world.save(Evidence, cause=cause, kind="opinion", text=HOSTILE)
        client = sign_in(world.lead)

        pages = [
            client.get(f"/p/o2c/{path}").content.decode()
            for path in (
                "problems/",
                f"problems/{problem.pk}/",
                "problems/pareto/",
                f"causes/{cause.pk}/",
            )
        ]

        assert all("<script>alert(1)" not in html for html in pages)
        assert "Root cause: §&lt;script&gt;" in pages[1]
        assert all("<b>bold" not in html for html in pages)

    def test_list_counts_and_sorts_by_number(self, world, sign_in):
        place(world, title="§Small", severity=1)
        place(world, title="§Large", severity=9)
        report(world, title="§New", by="member")

        html = sign_in(world.viewer).get("/p/o2c/problems/").content.decode()

        assert html.index("§Large") < html.index("§Small") < html.index("§New")
        assert "To be triaged" in html

    def test_form_offers_processes_only(self, world, sign_in):
        scope_process(world)
        from programmes.models import ScopeItem

        world.save(ScopeItem, kind="unit", name="§Some unit", is_in=True)

        html = sign_in(world.member).get("/p/o2c/problems/new/").content.decode()

        assert "§Order release" in html
        assert "§Some unit" not in html

    def test_form_of_a_cause_offers_those_of_its_problem(self, world, sign_in):
        problem, other = report(world), report(world, title="§Other")
        chain(world, problem, 1)
        world.save(Cause, problem=other, text="§Elsewhere")

        url = f"/p/o2c/causes/new/?problem={problem.pk}"
        html = sign_in(world.lead).get(url).content.decode()

        assert "§Why 1" in html
        assert "§Elsewhere" not in html


class TestPareto:
    def test_heading_tells_the_vital_few(self, world, sign_in):
        for number in range(4):
            place(world, title=f"§{number}", category="§Waiting")
        place(world, title="§x", category="§Other")

        html = sign_in(world.viewer).get("/p/o2c/problems/pareto/").content.decode()

        assert "One cause makes 80% of 5 problems" in html

    def test_leaves_out_what_is_merged_or_uncategorised(self, world, sign_in):
        kept = place(world)
        twin = place(world, title="§Twin", category="§Twin category")
        merge_problem(by=world.lead, problem=twin, into=kept, now=NOW)
        report(world, title="§Bare")

        html = sign_in(world.viewer).get("/p/o2c/problems/pareto/").content.decode()

        assert "§Twin category" not in html
        assert "1 problem has no cause category yet" in html

    def test_says_that_there_is_none(self, world, sign_in):
        html = sign_in(world.viewer).get("/p/o2c/problems/pareto/").content.decode()

        assert "No problem has a cause category yet" in html

    def test_writes_small_numbers_out(self):
        assert (in_words(4), in_words(13)) == ("Four", "13")


class TestGate3ProblemCriteria:
    def test_pass_when_all_is_placed_explained_and_proven(self, world):
        second = chain(world, place(world), 2)
        world.save(Evidence, cause=second, kind="data", text="§Log")

        results = {one: assessed(world, one).result for one in ("G3.A6", "G3.A7")}

        assert results == {"G3.A6": "pass", "G3.A7": "pass"}
        assert assessed(world, "G3.A8").result == "pass"

    def test_fail_without_problems(self, world):
        results = {assessed(world, one).result for one in ("G3.A6", "G3.A7", "G3.A8")}

        assert results == {"fail"}

    def test_a6_leads_to_what_is_untriaged(self, world):
        place(world)
        left = report(world, title="§New")

        found = assessed(world, "G3.A6")

        assert (found.done, found.of) == (1, 2)
        assert found.links[0].url == f"/p/o2c/problems/{left.pk}/edit/"

    def test_a7_leads_to_the_first_why(self, world):
        problem = place(world)

        found = assessed(world, "G3.A7")

        assert found.links[0].url == f"/p/o2c/causes/new/?problem={problem.pk}"

    def test_a8_does_not_take_opinions(self, world):
        cause = chain(world, place(world), 1)
        world.save(Evidence, cause=cause, kind="opinion", text="§I think so")

        found = assessed(world, "G3.A8")

        assert found.result == "fail"
        assert found.links[0].url == f"/p/o2c/evidence/new/?cause={cause.pk}"

    def test_mark_moves_with_the_evidence(self, world):
        problem = place(world)
        before = assessed(world, "G3.A6").mark
        problem.title = "§Changed"
        save_problem(by=world.lead, record=problem, now=NOW)

        assert assessed(world, "G3.A6").mark != before

    def test_loader_asks_few_times(self, world, django_assert_max_num_queries):
        from diagnosis.gates import diagnosis

        chain(world, place(world), 2)

        with django_assert_max_num_queries(8):
            diagnosis(world.programme, NOW)


class TestFinding:
    def test_has_words_for_nothing(self):
        from diagnosis.maths.pareto import pareto

        assert finding(pareto({})) == "No problem has a cause category yet"
