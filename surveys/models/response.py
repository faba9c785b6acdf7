"""One citizen's answers. Nothing here says who the citizen is."""

from enum import IntEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from offices.models import Counter, Office, Procedure
from surveys.models.instrument import Instrument


class Channel(models.IntegerChoices):
    """How the answers came (kênh)."""

    PHONE = 1, _("phone or QR code")
    TABLET = 2, _("counter tablet")
    INVITATION = 3, _("invitation link")
    PAPER = 4, _("paper form")
    INTERVIEW = 5, _("interview")
    PORTAL = 6, _("portal")

    @property
    def evidence(self) -> "Evidence":
        """What a form of this channel rests on where nothing better or worse is known."""
        return {
            Channel.PHONE: Evidence.OPEN,
            Channel.TABLET: Evidence.TABLET,
            Channel.INVITATION: Evidence.SLIP,
            Channel.PAPER: Evidence.PAPER,
            Channel.INTERVIEW: Evidence.PAPER,
            Channel.PORTAL: Evidence.INVITED,
        }[self]


class Evidence(models.IntegerChoices):
    """The strongest credential that was verified when the answers came; less is stronger.

    Of rows from before this was noted the channel says it (`Channel.evidence`).
    """

    FROM_BEFORE = 0, _("from before")
    INVITED = 1, _("invited by the portal")
    SLIP = 2, _("slip or list")
    TABLET = 3, _("tablet")
    PAPER = 4, _("paper form")
    OPEN = 5, _("open form")


class Delivery(models.IntegerChoices):
    """How the answers came to us: from the hand, kept back by a device, or brought as a file."""

    AT_ONCE = 0, _("at once")
    LATE = 1, _("late")
    BY_FILE = 2, _("by file")


class Stage(models.IntegerChoices):
    """How far the dossier is. SIPAS asks those who have a result; a refusal is a result."""

    UNKNOWN = 0, _("not said")
    RECEIVED = 1, _("result received")
    REFUSED = 2, _("refused")
    WAITING = 3, _("still waiting")


class Respondent(models.IntegerChoices):
    """For whom the person came."""

    UNKNOWN = 0, _("not said")
    CITIZEN = 1, _("citizen")
    ORGANISATION = 2, _("organisation")


class State(models.IntegerChoices):
    """An open response is in no figure. Finished and settled ones are closed to change."""

    OPEN = 0, _("being answered")
    FINISHED = 1, _("finished")
    SETTLED = 2, _("left unfinished and closed")


FINISHED_STATES = (State.FINISHED, State.SETTLED)


class Waiting(IntEnum):
    """Whether the row of a response that waits for its batch stands where it was written."""

    MIXED = 0
    AS_IT_CAME = 1


class Response(models.Model):
    """The packed answers of one person to one instrument at one office.

    `id` is a random UUID made by the client; `answers` holds one byte per item in the
    instrument's order: 0 blank, 1–7 the answer, 8 not asked, 9 don't know. Times are kept to the
    hour: a finer one would join an answer to a line of a web server's log. So would an order or a
    number of requests: `step` is blinded (`surveys.intake.blinding`) and 0 once finished, and rows
    are written anew in no order (`surveys.intake.shuffling`), see decision 0034.
    """

    pk = models.CompositePrimaryKey("office_id", "id")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="responses")
    id = models.UUIDField()
    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, null=True, related_name="+")
    counter = models.ForeignKey(Counter, on_delete=models.PROTECT, null=True, related_name="+")
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="responses")
    channel = models.PositiveSmallIntegerField(choices=Channel)
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.UNKNOWN)
    respondent = models.PositiveSmallIntegerField(choices=Respondent, default=Respondent.UNKNOWN)
    state = models.PositiveSmallIntegerField(choices=State, default=State.OPEN)
    step = models.PositiveSmallIntegerField()
    answers = models.BinaryField()
    # Whether enough criteria are answered for the form to count (a setting of the instrument).
    valid = models.BooleanField()
    # The day the person answered, and the day and hour in which the last step reached us. Of a
    # closed month hour and counter are forgotten (`surveys.intake.coarsening`).
    day = models.DateField()
    received_on = models.DateField()
    hour = models.PositiveSmallIntegerField(null=True)
    language = models.CharField(max_length=2)
    flags = models.IntegerField(default=0)
    simulated = models.BooleanField(default=False)
    # What it rests on, and how it came (`surveys.floods` judges by it, once a night).
    evidence = models.PositiveSmallIntegerField(
        choices=Evidence, default=Evidence.FROM_BEFORE, db_default=Evidence.FROM_BEFORE
    )
    delivery = models.PositiveSmallIntegerField(
        choices=Delivery, default=Delivery.AT_ONCE, db_default=Delivery.AT_ONCE
    )
    # The flood that it may be part of (`Hold`): it counts in nothing until somebody accepts it.
    hold = models.IntegerField(null=True)
    # An auditor left it out of the count, with a reason that stands in `Exclusion`; or it stands
    # in a hold that is not accepted; or its evidence does not count at its office that year.
    excluded = models.BooleanField(default=False, db_default=False)
    # Shown figures contain it no more: they follow `excluded` only where nothing then tells of
    # few people (reports.sipas.hiding.revision). Whoever left together has one `part`, not 0.
    withdrawn = models.BooleanField(default=False, db_default=False)
    part = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The group of at least k people with which the response is first shown; see reports.batches.
    batch = models.IntegerField(null=True)
    # Channel, stage, respondent, marks, procedure and evidence of whoever stands in a batch of a
    # closed month; their own columns then say nothing (`surveys.labels`).
    labels = models.BigIntegerField(null=True)
    # From the finish until the batch: whether the row was written anew in no order (`Waiting`).
    # It says nothing of who came first.
    arrival = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        indexes = [
            models.Index("office", "day", name="response_office_day"),
            models.Index(
                "office",
                "instrument",
                "batch",
                name="response_counted_unbatched",
                condition=models.Q(batch=None, state__in=[1, 2]),
            ),
            models.Index(
                "office",
                name="response_withdrawals",
                condition=~models.Q(excluded=models.F("withdrawn")),
            ),
            models.Index(
                "office",
                "day",
                name="response_unfolded",
                condition=models.Q(batch__isnull=False, labels=None),
            ),
            models.Index("received_on", name="response_open", condition=models.Q(state=State.OPEN)),
            models.Index("office", name="response_as_it_came", condition=models.Q(arrival__gt=0)),
            models.Index("hold", name="response_held", condition=models.Q(hold__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hour__gte=0, hour__lte=23), name="response_hour"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
