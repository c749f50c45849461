"""Forms of phase 2."""

from programmes.forms.records import RecordForm
from programmes.models import (
    Attendance,
    Course,
    Meeting,
    Notice,
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
    class Meta:
        model = Notice
        fields = ["title", "text", "unit", "sent_on", "audience", "reached"]


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
