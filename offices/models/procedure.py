"""What is done at an office: fields and national procedures."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models.name_key import name_key
from offices.validity import Valid, ValidQuerySet

NATIONAL_CODE = RegexValidator(
    r"^\d\.\d{6}$", _("Enter the national code of seven digits, for example 1.001193.")
)


class Field(models.Model):
    """A field of administration, such as civil status or land (lĩnh vực)."""

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=120, unique=True)
    name_key = name_key()

    class Meta:
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        ordering = ["name_key"]

    def __str__(self) -> str:
        return self.name


class ProcedureQuerySet(ValidQuerySet["Procedure"]):
    """Questions about procedures. The first day of most is not known."""


class Procedure(Valid, models.Model):
    """An administrative procedure, known by its national code. Repealed ones are kept."""

    code = models.CharField(
        _("national code"), max_length=8, unique=True, validators=[NATIONAL_CODE]
    )
    name = models.CharField(_("name"), max_length=400)
    name_key = name_key()
    field = models.ForeignKey(
        Field, on_delete=models.PROTECT, related_name="procedures", verbose_name=_("field")
    )
    # Which offices handle it, by the level of their unit: province, district, commune.
    levels = models.CharField(_("levels"), max_length=40, default="commune")
    source = models.CharField(_("source"), max_length=200, blank=True)
    confirmed = models.BooleanField(_("confirmed"), default=True)
    valid_from = models.DateField(_("first day"), null=True, blank=True)
    valid_to = models.DateField(_("last day"), null=True, blank=True)

    objects = ProcedureQuerySet.as_manager()

    class Meta:
        verbose_name = _("procedure")
        verbose_name_plural = _("procedures")
        ordering = ["field__name_key", "name_key"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
