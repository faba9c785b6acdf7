"""Remarks by theme: how many wait of each, and one answer for many of them."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from audit.recurring import record_sparingly
from offices.access import Reader, may, require
from offices.models import Office, User
from offices.rights import Action
from officials.access import office_or_404
from officials.fields import frameless
from officials.office.remark_forms import FilledForm, WordsField
from officials.office.remark_queue import chosen, is_key, row_of
from officials.office.remarks import SENTENCES
from surveys.models import Remark, Theme, ThemeReply
from surveys.remarks import themes
from surveys.remarks.steps import RemarkNotPossible
from surveys.remarks.workdays import own_days


class ThemeForm(FilledForm):
    """What the office answers to all that are chosen."""

    use_required_attribute = False
    reply = WordsField(
        6,
        label=gettext_lazy("You said – we did"),
        help_text=gettext_lazy(
            "Say what people wrote in a few words, and what was done or will be done and by when. "
            "Everybody who wrote one of the chosen remarks reads this as the reply. Describe no "
            "single person."
        ),
    )
    helper = frameless("reply")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def remark_themes(request: HttpRequest, slug: str) -> HttpResponse:
    """The themes, what waits of one of them, and what was answered so before."""
    office = office_or_404(request.user, slug, Action.SEE_REMARKS)
    theme = chosen(Theme, request.GET.get("chu-de"))
    if request.method != "POST":
        record_sparingly("remarks.seen", most=1, subject=office.slug, office_id=office.pk)
        return _show(request, office, theme, ThemeForm(), None)
    user = cast(User, request.user)
    step = request.POST.get("step")
    if step in ("publish", "hide"):
        return _publish(request, office, user, shown=step == "publish")
    if step != "answer":
        raise Http404
    require(user, Action.ANSWER, office)
    form = ThemeForm(request.POST)
    keys = {UUID(key) for key in request.POST.getlist("remark") if is_key(key)}
    if theme is None or not keys:
        messages.error(request, _("Choose a theme and at least one of its remarks."))
        return _show(request, office, theme, form, keys, status=422)
    if not form.is_valid():
        return _show(request, office, theme, form, keys, status=422)
    try:
        _made, done = themes.answer_theme(office, theme, keys, form.cleaned_data["reply"], user)
    except RemarkNotPossible as refused:
        messages.error(request, str(SENTENCES[refused.obstacle]))
        return _show(request, office, theme, form, keys, status=422)
    if done == len(keys):
        said = _("The answer stands on every receipt of the chosen remarks now.")
    else:
        said = _(
            "%(done)s of %(number)s chosen remarks have the answer on their receipts now. The "
            "others were answered by somebody else meanwhile or wait no more."
        ) % {"done": done, "number": len(keys)}
    messages.success(request, said)
    return redirect(f"{reverse('officials:remark_themes', args=[office.slug])}")


def _publish(request: HttpRequest, office: Office, user: User, *, shown: bool) -> HttpResponse:
    require(user, Action.PUBLISH_REPLIES, office)
    sent = request.POST.get("answer", "")
    known = office.theme_replies.select_related("office")
    found = known.filter(pk=int(sent[:18])).first() if sent.isdecimal() else None
    if found is None:
        messages.error(request, _("There is no such answer any more."))
    else:
        themes.publish(found, user, shown=shown)
        said = _("Everybody can read it now.") if shown else _("It is no longer published.")
        messages.success(request, said)
    return redirect("officials:remark_themes", office.slug)


def _is_picked(remark: Remark, user: Reader) -> bool:
    """Whether it is chosen beforehand: what is urgent or a colleague's is answered by itself."""
    return not remark.urgent and remark.assigned_to_id in (None, user.pk)


def _show(
    request: HttpRequest,
    office: Office,
    theme: Theme | None,
    form: ThemeForm,
    keys: set[UUID] | None,
    status: int = 200,
) -> HttpResponse:
    counted = themes.open_by_theme(office)
    today, own = timezone.localdate(), own_days(office.pk)
    waiting = themes.open_of(office, theme) if theme is not None else []
    picked = keys
    if picked is None:
        picked = {one.key for one in waiting if _is_picked(one, request.user)}
    context = {
        "office": office,
        "theme": theme,
        "themes": [(one, counted.get(one.value, 0)) for one in Theme],
        "rows": [
            (
                row_of(one, today, own),
                _is_picked(one, request.user) if keys is None else one.key in keys,
            )
            for one in waiting
        ],
        # what was typed is kept also where nothing is left to answer
        "typed": form.is_bound,
        "form": form if may(request.user, Action.ANSWER, office) else None,
        "answered": ThemeReply.objects.filter(office=office).select_related("by")[:20],
        "may_publish": may(request.user, Action.PUBLISH_REPLIES, office),
    }
    return render(request, "officials/office/remark_themes.html", context, status=status)
