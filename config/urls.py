"""The addresses of the system. Each app names its own below its prefix."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from config.health import healthz, readyz
from officials.publishing import public
from surveys.citizen import finding
from surveys.citizen.invited import invited
from surveys.invitations.api import api

INVITATIONS = settings.INVITATIONS_PATH.removeprefix("/")

handler403 = "officials.refusals.forbidden"
handler404 = "officials.refusals.not_found"
handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"
urlpatterns = [
    path("", finding.front, name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path(settings.CITIZENS_PATH.removeprefix("/"), include("surveys.urls")),
    # with the last slash or without: some programs leave it out of a link
    path(f"{INVITATIONS}<str:token>/", invited, name="invited"),
    path(f"{INVITATIONS}<str:token>", invited),
    path("ket-qua/", public.results, name="results"),
    # before the releases: none is called so
    path("ket-qua/co-quan/<slug:slug>/", public.office, name="office_results"),
    path("ket-qua/<slug:release>/", public.release, name="public_release"),
    path("ket-qua/<slug:release>/<slug:office>/", public.release_office, name="public_figures"),
    path("api/", api.urls),
    path("bao-cao/", include("officials.urls")),
    path("", include("accounts.urls")),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    # the administration's own page for passwords would not be slowed down
    path("quan-tri/password_change/", RedirectView.as_view(pattern_name="password")),
    path("quan-tri/", admin.site.urls),
]
