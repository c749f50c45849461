"""Forms of sessions and quiz questions."""

from programmes.forms.records import RecordForm
from programmes.models import QuizQuestion, TrainingSession


class TrainingSessionForm(RecordForm):
    class Meta:
        model = TrainingSession
        fields = ["course", "held_on", "starts_at", "place", "capacity", "trainer"]


class QuizQuestionForm(RecordForm):
    class Meta:
        model = QuizQuestion
        fields = ["course", "position", "text", "choices", "right"]
