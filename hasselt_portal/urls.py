"""Addresses. Citizen and staff pages carry the language in front (`/en/…`); Dutch has none."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from hasselt_portal import health, views

# Django admin has a login of its own that knows no second factor: everybody enters by ours.

handler400 = "hasselt_portal.views.bad_request"

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("beheer/", admin.site.urls),
    path("", include("chat.api_urls")),
]
urlpatterns += i18n_patterns(
    path("werkbank/", views.workbench, name="workbench"),
    path("werkbank/", include("chat.console_urls")),
    path("werkbank/", include("questions.urls")),
    path("aanmelden/", include("accounts.urls")),
    path("chat/", include("chat.urls")),
    path("", include("questions.citizen_urls")),
    path("", include("city.urls")),
    prefix_default_language=False,
)
if settings.DEMO:
    urlpatterns += [path("demo/postvak/", views.demo_inbox, name="demo-inbox")]
