"""The Django admin opens to administrators and knows accounts and jobs only."""

from __future__ import annotations

from django.contrib import admin

from programmes.models import Account, Job


class TestAdmin:
    def test_registers_no_domain_record(self) -> None:
        ours = {
            one
            for one in admin.site._registry
            if one.__module__.split(".")[0]
            in ("programmes", "diagnosis", "design", "evaluation")
        }

        assert ours == {Account, Job}

    def test_opens_to_administrators_only(self, world, sign_in) -> None:
        Account.objects.filter(pk=world.admin.pk).update(
            is_staff=True, is_superuser=True
        )
        world.admin.refresh_from_db()

        assert sign_in(world.admin).get("/admin/programmes/job/").status_code == 200
        assert sign_in(world.lead).get("/admin/programmes/job/").status_code == 302

    def test_runs_failed_jobs_again(self, world, sign_in) -> None:
        Account.objects.filter(pk=world.admin.pk).update(
            is_staff=True, is_superuser=True
        )
        world.admin.refresh_from_db()
        job = Job.objects.create(kind="test.none", state="failed")

        sign_in(world.admin).post(
            "/admin/programmes/job/",
            {"action": "run_again", "_selected_action": [job.pk]},
        )

        job.refresh_from_db()
        assert job.state == "queued"
