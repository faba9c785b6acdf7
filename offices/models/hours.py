"""When offices are open, and days off beside the official list."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.models.office import Office
from offices.models.unit import AdministrativeUnit


class OpeningHours(models.Model):
    """A span in which an office serves citizens. An office without any keeps the usual hours."""

    class Weekday(models.IntegerChoices):
        """As ISO 8601 numbers them."""

        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, related_name="opening_hours", verbose_name=_("office")
    )
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["office", "weekday", "opens"]
        constraints = [
            models.UniqueConstraint("office", "weekday", "opens", name="opening_hours_begin_once"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="opening_hours_end_after_they_begin"
            ),
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7)), name="opening_hours_are_on_a_weekday"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class Holiday(models.Model):
    """A day on which a country or province decided otherwise than the official list.

    `works` turns it round: a Saturday that is worked, or a listed day that is worked after all.
    """

    unit = models.ForeignKey(
        AdministrativeUnit,
        on_delete=models.CASCADE,
        related_name="holidays",
        verbose_name=_("country or province"),
    )
    day = models.DateField(_("day"))
    works = models.BooleanField(_("is worked"), default=False)
    why = models.CharField(_("why"), max_length=160)

    class Meta:
        verbose_name = _("own day")
        verbose_name_plural = _("own days")
        ordering = ["day"]
        constraints = [models.UniqueConstraint("unit", "day", name="holiday_unit_day")]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y} {self.why}"
