"""The page on which somebody above an office says which forms its figures of a year are made of."""

from typing import Any, cast

from crispy_forms.layout import Field
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from offices.access import may_from_above
from offices.models import Office, User
from offices.rights import Action
from officials.access import Missing, office_or_404
from officials.fields import ReasonField, frameless
from surveys.floods.levels import Level, LevelNotSet, level_of, may_set, set_level


class LevelForm(forms.Form):
    """A year, a level and why."""

    use_required_attribute = False
    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Which forms count"),
        choices=Level.choices,
        coerce=lambda text: Level(int(text)),
        widget=forms.RadioSelect,
    )
    reason = ReasonField(label=gettext_lazy("Reason"))
    helper = frameless(Field("year"), Field("level"), Field("reason"))

    def __init__(self, office: Office, data: Any = None) -> None:  # Any: what a request sent
        super().__init__(data)
        this = timezone.localdate().year
        field = self.fields["year"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(year, str(year)) for year in (this, this + 1) if may_set(year, office)]


@login_required
def levels(request: HttpRequest, slug: str) -> HttpResponse:
    """The levels of this year and the next, and the form that sets one."""
    office = office_or_404(request.user, slug, Action.MANAGE_POLICIES)
    user = cast(User, request.user)
    if not may_from_above(user, Action.MANAGE_POLICIES, office):
        raise Missing(Action.MANAGE_POLICIES, office)
    form = LevelForm(office, request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                set_level(office, said["year"], said["level"], said["reason"], user)
            except LevelNotSet:
                form.add_error(
                    None,
                    _("A month of this year is closed already. Set the level of the next year."),
                )
            else:
                messages.success(request, _("The level is set. Its line begins anew there."))
                return redirect("officials:levels", office.slug)
    this = timezone.localdate().year
    years = [(year, level_of(office.pk, year).label) for year in (this, this + 1)]
    context = {"office": office, "form": form, "years": years}
    return render(request, "officials/office/levels.html", context, status=status)
