"""The pages that each register has: list, form, history, export."""

from __future__ import annotations

import pytest

from programmes.models import Need, Objective
from tests.world import NOW

HOSTILE = "§<script>alert(1)</script>"


class TestList:
    def test_searches_filters_sorts(self, world, sign_in) -> None:
        for title, priority in (("§Alpha", "2should"), ("§Beta", "1must")):
            world.save(Need, title=title, priority=priority)
        client = sign_in(world.viewer)

        def titles(query: str) -> list[str]:
            page = client.get(f"/p/o2c/needs/{query}")
            return [str(row["record"]) for row in page.context["rows"]]

        assert titles("?q=alp") == ["§Alpha"]
        assert titles("?priority=1must") == ["§Beta"]
        assert titles("?priority=nonsense") == ["§Beta", "§Alpha"]
        assert titles("?sort=title") == ["§Alpha", "§Beta"]
        assert titles("?sort=-title") == ["§Beta", "§Alpha"]
        assert titles("?sort=programme__enterprise__name") == ["§Alpha", "§Beta"]
        assert titles("?q=%00zz&page=99") == []

    def test_offers_only_what_one_may(self, world, sign_in) -> None:
        assert b"/needs/new/" in sign_in(world.lead).get("/p/o2c/needs/").content
        assert b"/needs/new/" not in sign_in(world.viewer).get("/p/o2c/needs/").content

    def test_escapes_hostile_text(self, world, sign_in) -> None:
        need = world.save(Need, title=HOSTILE, source=HOSTILE)
        client = sign_in(world.lead)

        for path in ("", f"{need.pk}/", f"{need.pk}/edit/", f"{need.pk}/history/"):
            page = client.get(f"/p/o2c/needs/{path}").content
            assert b"<script>alert" not in page
        assert b"<script>alert" not in client.get("/p/o2c/activity/").content


class TestForm:
    def test_creates_and_adds_another(self, world, sign_in) -> None:
        client = sign_in(world.lead)

        done = client.post("/p/o2c/needs/new/", {"title": "§A"})
        more = client.post("/p/o2c/needs/new/", {"title": "§B", "add_another": "1"})

        assert done.headers["Location"].endswith(f"/{Need.objects.get(title='§A').pk}/")
        assert more.headers["Location"] == "/p/o2c/needs/new/"

    def test_keeps_the_text_on_an_error(self, world, sign_in) -> None:
        page = sign_in(world.lead).post(
            "/p/o2c/needs/new/", {"title": "§Kept", "is_out": "on"}
        )

        assert page.status_code == 422
        assert "§Kept" in page.content.decode()
        assert "Say why" in page.content.decode()

    def test_refuses_an_old_version_and_keeps_the_text(self, world, sign_in) -> None:
        need = world.save(Need, title="§A")
        client = sign_in(world.lead)
        url = f"/p/o2c/needs/{need.pk}/edit/"
        client.post(url, {"title": "§First", "record_version": 1})

        page = client.post(url, {"title": "§Second", "record_version": 1})

        assert page.status_code == 422
        assert "§Second" in page.content.decode()
        need.refresh_from_db()
        assert need.title == "§First"

    def test_refuses_rows_of_elsewhere(self, world, sign_in) -> None:
        foreign = Objective(programme=world.other_programme, title="§Foreign")
        foreign.created_at = foreign.updated_at = NOW
        foreign.save()

        page = sign_in(world.lead).post(
            "/p/o2c/needs/new/", {"title": "§A", "objective": foreign.pk}
        )

        assert page.status_code == 422
        assert "§Foreign" not in page.content.decode()

    def test_limits_the_length(self, world, sign_in) -> None:
        page = sign_in(world.lead).post("/p/o2c/needs/new/", {"title": "§" * 201})

        assert page.status_code == 422

    def test_refuses_null_signs(self, world, sign_in) -> None:
        page = sign_in(world.lead).post("/p/o2c/needs/new/", {"title": "§a\0b"})

        assert page.status_code == 422

    def test_an_objective_cannot_serve_itself(self, world, sign_in) -> None:
        row = world.save(Objective, title="§A")

        page = sign_in(world.lead).get(f"/p/o2c/objectives/{row.pk}/edit/")

        assert row not in page.context["form"].fields["parent"].queryset


class TestDeleteAndUndo:
    def test_from_the_pages(self, world, sign_in) -> None:
        need = world.save(Need, title="§A")
        client = sign_in(world.lead)

        page = client.post(f"/p/o2c/needs/{need.pk}/delete/", follow=True)
        assert f"/p/o2c/needs/{need.pk}/restore/" in page.content.decode()
        assert client.get(f"/p/o2c/needs/{need.pk}/").status_code == 404

        client.post(f"/p/o2c/needs/{need.pk}/restore/")
        assert client.get(f"/p/o2c/needs/{need.pk}/").status_code == 200


class TestHistory:
    def test_shows_old_and_new(self, world, sign_in) -> None:
        need = world.save(Need, title="§Old")
        client = sign_in(world.lead)
        client.post(
            f"/p/o2c/needs/{need.pk}/edit/",
            {"title": "§New", "priority": "1must", "record_version": 1},
        )

        page = client.get(f"/p/o2c/needs/{need.pk}/history/").content.decode()

        assert "§Old" in page
        assert "§New" in page
        assert "Must" in page

    def test_names_what_a_row_points_to(
        self, world, sign_in, django_assert_max_num_queries
    ) -> None:
        objective = world.save(Objective, title="§Faster", owner=world.person("owner"))
        need = world.save(Need, title="§Old", objective=objective)
        client = sign_in(world.lead)

        with django_assert_max_num_queries(12):
            page = client.get(f"/p/o2c/needs/{need.pk}/history/").content.decode()

        assert "§Faster" in page
        assert f"no. {objective.pk}" not in page


class TestExport:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "＝"])
    def test_guards_formulas(self, world, sign_in, start: str) -> None:
        world.save(Need, title="§A", source=f"{start}cmd|'/c calc'!A0")

        text = sign_in(world.lead).get("/p/o2c/needs/export.csv").content.decode()

        assert f"'{start}cmd" in text

    def test_is_in_the_order_and_filter_of_the_list(self, world, sign_in) -> None:
        for title in ("§B", "§A", "§C"):
            world.save(Need, title=title)

        text = sign_in(world.lead).get("/p/o2c/needs/export.csv?sort=title&q=§")
        lines = text.content.decode().splitlines()

        assert [line.split(",")[0] for line in lines[1:]] == ["§A", "§B", "§C"]
