"""The page for the code from the envelope."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import throttle
from accounts.emergency import OPENED_SO, use_code
from accounts.forms import EmergencyForm
from accounts.signing_in import too_soon
from accounts.sources import actor_of
from accounts.throttle import Kind
from audit.recording import record
from offices.models import User


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Signs in with the code from the envelope, and says so loudly."""
    form = EmergencyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        name, code = form.cleaned_data["username"], form.cleaned_data["code"]
        # the right one is never kept waiting: it cannot be guessed, and is the last way in
        user = use_code(name, code)
        if user is not None:
            record("break_glass.used", subject=user.username, by=actor_of(request, user))
            login(request, user)
            request.session[OPENED_SO] = True
            return redirect(settings.LOGIN_REDIRECT_URL)
        attempt = throttle.begin(
            request, Kind.EMERGENCY, User.objects.filter(username=name).first()
        )
        if attempt.wait:
            return too_soon(request, attempt)
        attempt.failed("break_glass.failed")
        form.add_error(None, form.wrong)
    return render(request, "accounts/emergency.html", {"form": form})
