"""What officials fill in to divide a planned sample among their offices."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class AllocationForm(forms.Form):
    """How many forms to divide among offices, and how many each gets at least."""

    tong = forms.IntegerField(label=gettext_lazy("Forms in all"), min_value=1)
    it_nhat = forms.IntegerField(label=gettext_lazy("At least for each"), min_value=0)

    def __init__(self, asked: dict[str, str], sizes: list[int], total: int) -> None:
        """asked: the address's query; sizes: dossiers of each office; total: the usual one."""
        self.sizes = sizes
        usual = {"tong": str(total), "it_nhat": "0"}
        super().__init__({name: asked.get(name, value) for name, value in usual.items()})

    def clean_tong(self) -> int:
        """Raises ValidationError for more forms than dossiers."""
        total: int = self.cleaned_data["tong"]
        if total > sum(self.sizes):
            said = _("There are only %(dossiers)s dossiers. Enter a smaller number.")
            raise forms.ValidationError(said % {"dossiers": sum(self.sizes)})
        return total

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where the minima together are more than all."""
        cleaned = super().clean() or {}
        total, minimum = cleaned.get("tong"), cleaned.get("it_nhat")
        if total is not None and minimum is not None:
            needed = sum(min(minimum, size) for size in self.sizes)
            if needed > total:
                said = _(
                    "The minimum alone needs %(needed)s forms. Enter more, or a lower minimum."
                )
                self.add_error("tong", said % {"needed": needed})
        return cleaned
