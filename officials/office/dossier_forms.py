"""The form with which officials bring in finished dossiers."""

from django import forms
from django.utils.translation import gettext_lazy


class DossierFileForm(forms.Form):
    """A file of finished dossiers; `offices.dossiers.file` reads it."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
