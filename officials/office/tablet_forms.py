"""The forms with which a head of office pairs a tablet and brings in what one could not send."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Layout
from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from offices.models import LONGEST_REASON, SHORTEST_REASON, Counter, Office
from offices.names import in_order
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
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(Field("counter"), Field("name"), Field("form"))

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
    reason = forms.CharField(
        label=_("Why the tablet could not send"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages=dict.fromkeys(
            ("required", "min_length"),
            _("Give the reason in a sentence of at least 10 characters."),
        ),
    )
