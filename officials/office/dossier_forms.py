"""The form with which officials bring in finished dossiers."""

from django import forms
from django.utils.translation import gettext_lazy

from offices.models import LONGEST_REASON


class DossierFileForm(forms.Form):
    """A file of finished dossiers; `offices.dossiers.file` reads it."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason, where a closed month changes"),
        help_text=gettext_lazy(
            "Numbers of a closed month change only when a second person approves."
        ),
        max_length=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
