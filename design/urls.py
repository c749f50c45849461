"""The addresses of this app, by topic."""

from django.urls import URLPattern, URLResolver

from design.views import comparison, goals, options, plan, rollout, schemes, support

urlpatterns: list[URLPattern | URLResolver] = [
    *comparison.urlpatterns,
    *plan.urlpatterns,
    *rollout.urlpatterns,
    *support.urlpatterns,
]
for module in (goals, options, schemes, support, rollout):
    for register in module.REGISTERS:
        urlpatterns += register.urls()
