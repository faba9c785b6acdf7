"""What one person proposes and another decides: two persons for whatever cannot be taken back."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from offices.models.access import User
from offices.models.office import Office
from offices.models.unit import AdministrativeUnit

SHORTEST_REASON = 10
LONGEST_REASON = 500


class Proposal(models.Model):
    """One act that waits for a second person, or what became of it.

    kind: a name in `offices.proposals.KINDS`. payload: what to do, as the kind reads it, and its
    SHA-256. facts: what the preview showed when it was proposed, by name; basis: their SHA-256.
    decided_as: the name of the account of the operating system where the machine's command decided.
    Triggers refuse to delete one, to change what was proposed, and to change a decided one.
    """

    class State(models.TextChoices):
        """Where it stands; all but the first are for ever."""

        OPEN = "open", _("waits for a second person")
        APPROVED = "approved", _("approved and carried out")
        REFUSED = "refused", _("refused by a second person")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")
        FAILED = "failed", _("could not be carried out")

    kind = models.CharField(_("kind"), max_length=40)
    unit = models.ForeignKey(
        AdministrativeUnit, on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    payload = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    basis = models.CharField(max_length=64)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_as = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(_("reason of the decision"), max_length=LONGEST_REASON, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["-pk"]
        indexes = [models.Index("state", name="proposal_state")]
        constraints = [
            models.UniqueConstraint(
                "kind", "payload_hash", condition=Q(state="open"), name="proposal_is_open_once"
            ),
            models.CheckConstraint(
                condition=Q(unit=None, office__isnull=False) | Q(unit__isnull=False, office=None),
                name="proposal_is_of_a_unit_or_an_office",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")),
                name="proposal_is_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None, decided_as="")
                | Q(state__in=["withdrawn", "expired"], decided_at__isnull=False, decided_by=None)
                | Q(state__in=["approved", "refused", "failed"], decided_at__isnull=False)
                & (Q(decided_by__isnull=False) | ~Q(decided_as="")),
                name="proposal_is_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def place(self) -> Office | AdministrativeUnit:
        """Where it acts."""
        place = self.office or self.unit
        assert place is not None  # noqa: S101 - the database says so
        return place


class ProposalFile(models.Model):
    """A file that a proposal would bring in, encrypted with keys outside of the database.

    Deleted with the decision, unless the kind keeps it.
    """

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="file")
    sealed = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("file of a proposal")
        verbose_name_plural = _("files of proposals")

    def __str__(self) -> str:
        return f"{self.proposal_id}: {self.size}"
