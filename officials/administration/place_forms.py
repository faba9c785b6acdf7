"""A form in which a unit or office is searched by its name and then chosen."""

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from offices.giving import scope_of_place
from offices.models import User
from offices.rights import Action, Scope
from officials.places import (
    FoundPlaces,
    find_places,
    place_with,
    shown_place,
)


class PlaceForm(forms.Form):
    """`search` finds places, `place` is the chosen one; the place itself is cleaned to `where`.

    What was chosen before stays on offer, and all are offered where there are few. The template
    is parts/place_search.html.
    """

    use_required_attribute = False
    action: ClassVar[Action]
    scopes: Collection[Scope] = frozenset(Scope)
    search = forms.CharField(
        label=_("Unit or office"),
        help_text=_("Some words of its name, also without diacritics, such as: ha tien an giang."),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    # its radio buttons stand in the template, each with where the place lies
    place = forms.CharField(max_length=30, required=False)

    def __init__(self, by: User, data: Any = None, **given: Any) -> None:
        # Any: what a request sent; Django's own options
        super().__init__(data, **given)
        self.by = by
        self.found = self._found()

    def wanted_scopes(self) -> Collection[Scope]:
        """Which kinds of place are looked for, as far as the form is filled in."""
        return self.scopes

    def _found(self) -> FoundPlaces:
        asked = str(self["search"].value() or "")
        found = find_places(self.by, self.action, asked, self.wanted_scopes())
        chosen = place_with(self.by, self.action, str(self["place"].value() or ""))
        if chosen is not None:
            shown = shown_place(chosen)
            others = [one for one in found.places if one != shown]
            return FoundPlaces([shown, *(others if asked else [])], found.more and bool(asked))
        if not asked and found.more:
            return FoundPlaces([], more=False)
        return found

    @property
    def chosen(self) -> str:
        """The value of the chosen place, of the only one where there is one only."""
        if len(self.found.places) == 1:
            return self.found.places[0].value
        return str(self["place"].value() or "")

    def clean(self) -> dict[str, Any]:  # Any: as Django's
        """The place under `where`; None, with an error that says what to do, if there is none."""
        cleaned: dict[str, Any] = super().clean() or {}
        where = place_with(self.by, self.action, cleaned.get("place") or self.chosen)
        if where is not None and scope_of_place(where) not in self.scopes:
            where = None
        if where is None:
            nothing = _("Nothing of yours is called so. Try fewer words, such as only the name.")
            search = _("Search for the unit or office and choose one of those that are found.")
            asked = self["search"].value() and not self.found.places
            self.add_error("search", str(nothing if asked else search))
        return {**cleaned, "where": where}
