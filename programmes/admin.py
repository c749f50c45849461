"""The Django admin: sign-ins and background work, nothing of the domain."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from programmes import jobs
from programmes.models import Account, Job


@admin.register(Account)
class AccountAdmin(admin.ModelAdmin[Account]):
    list_display = ["email", "name", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff"]
    search_fields = ["email", "name"]
    fields = ["email", "name", "is_active", "is_staff", "last_login", "created_at"]
    readonly_fields = ["last_login", "created_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An account stands in records and decisions; it is closed, not deleted."""
        return False


@admin.register(Job)
class JobAdmin(admin.ModelAdmin[Job]):
    list_display = ["id", "kind", "state", "attempts", "created_at", "finished_at"]
    list_filter = ["state", "kind"]
    actions = ["run_again"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.action(description=_("Run failed jobs again"), permissions=["view"])
    def run_again(self, request: HttpRequest, rows: QuerySet[Job]) -> None:
        for one in rows.filter(state=Job.State.FAILED):
            jobs.run_again(one)
