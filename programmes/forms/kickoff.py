"""Forms of phase 2."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from programmes.forms.records import RecordForm
from programmes.models import (
    Attendance,
    Course,
    Meeting,
    Notice,
    OrgUnit,
    Participation,
    StaffQuestion,
)


class MeetingForm(RecordForm):
    class Meta:
        model = Meeting
        fields = [
            "title",
            "held_on",
            "starts_at",
            "duration_minutes",
            "place",
            "purpose",
            "minutes",
        ]


class AttendanceForm(RecordForm):
    class Meta:
        model = Attendance
        fields = ["meeting", "person", "state"]


class NoticeForm(RecordForm):
    linked: ClassVar[tuple[str, ...]] = ("units",)

    units = forms.ModelMultipleChoiceField(
        OrgUnit.objects.all(),
        label=_("Only these units"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: all units in scope"),
    )

    class Meta:
        model = Notice
        fields = ["title", "text", "sent_on", "audience", "reached"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["units"] = [one.pk for one in self.instance.units.all()]

    def extra(self) -> dict[str, Any]:
        return {"units": list(self.cleaned_data["units"])}


class CourseForm(RecordForm):
    class Meta:
        model = Course
        fields = ["title", "content", "held_on", "hours", "pass_mark"]


class ParticipationForm(RecordForm):
    class Meta:
        model = Participation
        fields = ["course", "person", "session", "done_on", "score"]


class StaffQuestionForm(RecordForm):
    class Meta:
        model = StaffQuestion
        fields = [
            "text",
            "asked_on",
            "asked_by",
            "unit",
            "owner",
            "answer",
            "answered_on",
            "is_published",
        ]
