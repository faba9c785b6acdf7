"""Mergeable counts, and the batches in which open figures are shown."""

from django.db import models

from offices.models import Field, Office
from surveys.models import Channel, Instrument, Stage


class Tally(models.Model):
    """Counts of one cell: everything that pages filter by, for one office and day.

    `sums` is `reports.sipas.sums.Sums.to_bytes()`, deflated. Cells add up; instruments never do.
    """

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="tallies")
    day = models.DateField()
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    channel = models.PositiveSmallIntegerField(choices=Channel)
    stage = models.PositiveSmallIntegerField(choices=Stage)
    field = models.ForeignKey(Field, on_delete=models.PROTECT, null=True, related_name="+")
    simulated = models.BooleanField(default=False)
    people = models.PositiveIntegerField()
    sums = models.BinaryField()

    class Meta:
        verbose_name = "tally"
        verbose_name_plural = "tallies"
        indexes = [models.Index("office", "day", name="tally_office_day")]
        constraints = [
            models.UniqueConstraint(
                "office",
                "day",
                "instrument",
                "authority",
                "channel",
                "stage",
                "field",
                "simulated",
                name="tally_cell",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day}: {self.people}"


class Batch(models.Model):
    """A group of at least k responses of one office and instrument that are shown together."""

    office = models.ForeignKey(Office, on_delete=models.CASCADE, related_name="batches")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    first_day = models.DateField()
    last_day = models.DateField()
    people = models.PositiveIntegerField()

    class Meta:
        verbose_name = "batch"
        verbose_name_plural = "batches"
        constraints = [
            models.UniqueConstraint("office", "instrument", "number", name="batch_number")
        ]

    def __str__(self) -> str:
        return f"{self.office_id}/{self.number}"
