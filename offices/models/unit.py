"""Administrative units, what they were called, and what became of them."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from offices.chain import upward
from offices.models.name_key import name_key
from offices.models.search_key import search_key
from offices.names import Named
from offices.validity import Valid, ValidQuerySet


class UnitQuerySet(ValidQuerySet["AdministrativeUnit"]):
    """Questions about units."""


class AdministrativeUnit(Valid, models.Model):
    """A country, province, district or commune, true only between two days.

    A code alone is no key: 91 was Kiên Giang and is An Giang. `valid_to` is the last day.
    """

    class Level(models.TextChoices):
        """Districts exist to 2025-06-30 only."""

        COUNTRY = "country", _("Country")
        PROVINCE = "province", _("Province")
        DISTRICT = "district", _("District")
        COMMUNE = "commune", _("Commune")

    level = models.CharField(_("level"), max_length=8, choices=Level)
    code = models.CharField(_("statistics office code"), max_length=5)
    kind = models.CharField(_("kind"), max_length=32)
    name = models.CharField(_("name"), max_length=80)
    name_key = name_key()
    search_key = search_key("kind", "name", "code")
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    read_designations: "Iterable[Designation]"  # only where they were read with it

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["level", "code", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                "level", "code", "valid_from", name="unit_level_code_valid_from"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="unit_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @staticmethod
    def called() -> "Prefetch[str]":
        """What units were called, to be read with them for `full_name_on`, by one more statement.

        Into a plain list: a related manager of its own for each of them costs more than reading.
        """
        return Prefetch("designations", to_attr="read_designations")

    @property
    def full_name(self) -> str:
        """The name with its kind, as written: `Phường Hà Tiên`."""
        return f"{self.kind[:1].upper()}{self.kind[1:]} {self.name}".strip()

    def chain(self) -> Iterator["AdministrativeUnit"]:
        """The unit and all above it, from the lowest to the country.

        A step that was not read with the unit is read when it is reached, by one statement.
        """
        return upward(self, lambda unit: unit.parent)

    @property
    def province(self) -> "AdministrativeUnit":
        """The province that the unit is or lies in; the top of its chain where there is none."""
        top = self
        for top in self.chain():
            if top.level == self.Level.PROVINCE:
                break
        return top

    def chain_names(self) -> tuple[str, ...]:
        """The full names of the unit and of all that it lies in, the nearest first."""
        return tuple(unit.full_name for unit in self.chain())

    def named_on(self, day: date) -> Named:
        """How it stands in lists with others, as it was called on `day`."""
        return Named(self.full_name_on(day), self.chain_names()[1:], self.valid_from, self.valid_to)

    def full_name_on(self, day: date) -> str:
        """What the unit was called on `day`; the same unit may become a city without moving."""
        read: Iterable[Designation] | None = getattr(self, "read_designations", None)
        known = self.designations.all() if read is None else read
        for designation in sorted(known, key=lambda d: d.valid_from):
            if designation.days.hold(day):
                return f"{designation.kind[:1].upper()}{designation.kind[1:]} {designation.name}"
        return self.full_name


class Designation(Valid, models.Model):
    """What one unit was called between two days, where its kind or name changed."""

    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="designations"
    )
    kind = models.CharField(_("kind"), max_length=32)
    name = models.CharField(_("name"), max_length=80)
    valid_from = models.DateField(_("first day"))
    valid_to = models.DateField(_("last day"), null=True, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("designation")
        verbose_name_plural = _("designations")
        ordering = ["unit", "valid_from"]
        constraints = [
            models.UniqueConstraint("unit", "valid_from", name="designation_unit_valid_from")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Succession(models.Model):
    """One unit became another, or part of it, on a day."""

    class Relation(models.TextChoices):
        """`unchanged` and `merged` carry the whole unit; `split` carries a part."""

        UNCHANGED = "unchanged", _("unchanged")
        MERGED = "merged", _("merged whole")
        SPLIT = "split", _("a part of it")

    predecessor = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="successions"
    )
    successor = models.ForeignKey(
        AdministrativeUnit, on_delete=models.CASCADE, related_name="precessions"
    )
    effective_on = models.DateField(_("effective on"))
    relation = models.CharField(_("relation"), max_length=9, choices=Relation)
    legal_basis = models.CharField(_("legal basis"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["effective_on", "predecessor"]
        constraints = [
            models.UniqueConstraint(
                "predecessor", "successor", name="succession_predecessor_successor"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.successor_id}"
