"""Forms for tasks and their dependencies."""

from programmes.forms.records import RecordForm
from programmes.models import Dependency, WorkItem


class WorkItemForm(RecordForm):
    class Meta:
        model = WorkItem
        fields = [
            "title",
            "detail",
            "phase",
            "owner",
            "state",
            "is_must",
            "starts_on",
            "due_on",
            "duration_days",
            "done_share",
        ]


class DependencyForm(RecordForm):
    class Meta:
        model = Dependency
        fields = ["before", "after"]
