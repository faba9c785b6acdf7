"""The proof of a night: whether what is shown is what the responses give, noted with the night."""

from collections.abc import Callable

from reports.models import Difference, Night
from reports.proof.run import prove_night

MOST_DETAILS = 100


def prove(night: Night, beat: Callable[[str], None]) -> dict[str, object]:
    """Proves what is due and notes with the night how much, and what differs; what was found.

    beat: called with a name before each part.
    """
    proofs = prove_night(night.day, lambda: beat("proof"))
    standing = Difference.objects.filter(ended_at=None)
    night.responses = sum(proof.responses for proof in proofs)
    night.differences = standing.count()
    night.details = [str(difference) for difference in standing[:MOST_DETAILS]]
    night.save(update_fields=["responses", "differences", "details"])
    figures = sum(proof.figures for proof in proofs)
    return {
        "responses": night.responses,
        "figures": figures,
        "differences": night.differences,
    }
