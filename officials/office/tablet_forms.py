"""The forms with which a head of office pairs a tablet and brings in what one could not send."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office
from offices.names import in_order
from officials.fields import ReasonField, frameless
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import text_in

# Our own short form stands first: it is made for a tablet.
USUAL = "counter"


class TabletForm(forms.Form):
    """Where a new tablet stands and what it asks."""

    use_required_attribute = False
    counter = forms.ModelChoiceField(
        Counter.objects.none(),
        label=_("Counter"),
        required=False,
        empty_label=_("No single counter"),
    )
    name = forms.CharField(
        label=_("Name of the tablet"),
        help_text=_("By which you know it, such as: left end of counter 3."),
        max_length=60,
        error_messages={"required": _("Give the tablet a name.")},
    )
    form = forms.ChoiceField(label=_("Form it asks"))
    helper = frameless("counter", "name", "form")

    def __init__(self, office: Office, data: dict[str, str] | None = None) -> None:
        super().__init__(data)
        counter = self.fields["counter"]
        assert isinstance(counter, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        counter.queryset = office.counters.filter(active=True)
        field = self.fields["form"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        language = translation.get_language() or "vi"
        offered = {
            instrument.slug: text_in(instrument.title, language)
            for instrument in catalogue.current().instruments.values()
            if instrument.offered and instrument.newest
        }
        slugs = sorted(offered, key=lambda slug: (slug != USUAL, in_order(offered[slug])))
        field.choices = [(slug, offered[slug]) for slug in slugs]


class OutboxForm(forms.Form):
    """A file that was exported from a tablet or telephone."""

    file = forms.FileField(
        label=_("Exported file"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("Choose the file that was exported.")},
    )
    reason = ReasonField(
        label=_("Why the tablet could not send"),
    )
