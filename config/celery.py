"""The Celery application: rings for Job rows (see programmes/jobs.py)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("meliora")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
