from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ProgrammesConfig(AppConfig):
    name = "programmes"

    def ready(self) -> None:
        # Each app registers its methods, criteria, listeners and workspaces itself.
        autodiscover_modules("maths", "gates", "gates_plan", "receivers", "tasks")
