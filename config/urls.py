"""The addresses of the system. Each app names its own below its prefix."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import views as auth
from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from config.health import healthz, readyz
from surveys.citizen.invited import invited
from surveys.invitations.api import api

INVITATIONS = settings.INVITATIONS_PATH.removeprefix("/")

handler403 = "officials.refusals.forbidden"
handler404 = "officials.refusals.not_found"
handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="officials:home"), name="home"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path(settings.CITIZENS_PATH.removeprefix("/"), include("surveys.urls")),
    # with the last slash or without: some programs leave it out of a link
    path(f"{INVITATIONS}<str:token>/", invited, name="invited"),
    path(f"{INVITATIONS}<str:token>", invited),
    path("api/", api.urls),
    path("bao-cao/", include("officials.urls")),
    path("dang-nhap/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path(
        "dang-nhap/lien-ket/<uidb64>/<token>/",
        auth.PasswordResetConfirmView.as_view(
            template_name="registration/one_time_link.html",
            post_reset_login=True,
            success_url=reverse_lazy("officials:home"),
        ),
        name="one_time_link",
    ),
    path("dang-xuat/", auth.LogoutView.as_view(), name="logout"),
    path("ngon-ngu/", include("django.conf.urls.i18n")),
    path("quan-tri/", admin.site.urls),
]
