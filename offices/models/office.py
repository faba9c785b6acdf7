"""One-stop-shop offices and their counters."""

from datetime import date
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.chain import within
from offices.models.name_key import name_key
from offices.models.search_key import search_key
from offices.models.unit import AdministrativeUnit
from offices.names import Named
from offices.validity import Valid, ValidQuerySet


class OfficeQuerySet(ValidQuerySet["Office"]):
    """Questions about offices. An office serves citizens on its days."""

    def within(self, unit: AdministrativeUnit, column: str = "unit") -> Self:
        """The offices that stand, or stood, in `unit` or below it: the map as of then.

        column: `today_unit` for those whose figures belong to `unit` on today's map.
        """
        return self.filter(within(column, [unit.pk]))

    def with_places(self) -> Self:
        """With the units that they lie in, for `named`."""
        return self.select_related("unit__parent__parent__parent")


class Office(Valid, models.Model):
    """A one-stop shop: it stands in a unit, between two days."""

    class Kind(models.TextChoices):
        """Ranks are only ever drawn among offices of one kind."""

        PROVINCIAL_CENTRE = "provincial_centre", _("provincial public administration centre")
        COMMUNE_CENTRE = "commune_centre", _("commune public administration centre")
        DISTRICT_DESK = "district_desk", _("district reception desk")
        COMMUNE_DESK = "commune_desk", _("commune reception desk")

    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=160)
    name_key = name_key()
    search_key = search_key("name", "slug")
    # What citizens call this office in the questions, when not the usual word of its time.
    label = models.CharField(_("word used in the questions"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    unit = models.ForeignKey(
        AdministrativeUnit,
        on_delete=models.PROTECT,
        related_name="offices",
        verbose_name=_("stands in"),
    )
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    predecessors = models.ManyToManyField(
        "self",
        symmetrical=False,
        related_name="successors",
        blank=True,
        verbose_name=_("predecessors"),
    )
    heir = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inherits_from",
        verbose_name=_("single heir"),
    )
    today_unit = models.ForeignKey(
        AdministrativeUnit,
        on_delete=models.PROTECT,
        related_name="counted_offices",
        verbose_name=_("counted in, on today's map"),
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["name_key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="office_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(heir=None) | ~Q(heir=F("id")), name="office_is_not_its_own_heir"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raises ValidationError where the office is said to be its own heir."""
        super().clean()
        if self.pk is not None and self.heir_id == self.pk:
            raise ValidationError({"heir": _("An office cannot be its own heir.")})

    @property
    def named(self) -> Named:
        """How it stands in lists with others; reads the units that it lies in."""
        return Named(self.name, self.unit.chain_names(), self.valid_from, self.valid_to)

    def is_open_on(self, day: date) -> bool:
        """Whether the office serves citizens on `day`."""
        return self.days.hold(day)


class Counter(models.Model):
    """A desk of an office (quầy)."""

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="counters", verbose_name=_("office")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=120)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("counter")
        verbose_name_plural = _("counters")
        ordering = ["office", "number"]
        constraints = [models.UniqueConstraint("office", "number", name="counter_office_number")]

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"
