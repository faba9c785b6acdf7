"""The proof of a night: whether what is shown is what the responses give, noted with the night."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from offices.dossiers.checking import unequal
from reports.models import Difference, Night
from reports.night.leases import LostLease
from reports.proof.run import prove_night

Beat = Callable[[str], None]

MOST_DETAILS = 100


def prove(night: Night, beat: Beat) -> dict[str, object]:
    """Proves what is due and notes with the night how much, and what differs; what was found.

    beat: called with a name before each part. Raises LostLease as soon as it does, and an
    ExceptionGroup with what kept provinces from being proved.
    """
    try:
        proofs = prove_night(night.day, _outside(beat))
    except ExceptionGroup as failures:
        lost = failures.subgroup(LostLease)
        if lost is not None:
            raise lost.exceptions[0] from None
        raise
    standing = Difference.objects.filter(ended_at=None)
    night.responses = sum(proof.responses for proof in proofs)
    # also counts of dossiers that their ledger does not say
    altered, cells = unequal()
    night.differences = standing.count() + altered
    said = [str(difference) for difference in standing[:MOST_DETAILS]]
    night.details = [*said, *map(str, cells)][:MOST_DETAILS]
    night.save(update_fields=["responses", "differences", "details"])
    figures = sum(proof.figures for proof in proofs)
    return {
        "responses": night.responses,
        "figures": figures,
        "differences": night.differences,
    }


def _outside(beat: Beat) -> Callable[[], None]:
    """The sign of life, outside of the snapshot in which a province is read.

    In there nobody would see it, it would keep the step's row locked until the province is read,
    and it would fail with the proof where somebody else has written to that row.
    """
    around = connection.in_atomic_block

    def sign() -> None:
        if around or not connection.in_atomic_block:
            beat("proof")
            return
        with ThreadPoolExecutor(1) as thread:  # a connection is a thread's
            thread.submit(_on_another_connection, beat).result()

    return sign


def _on_another_connection(beat: Beat) -> None:
    try:
        beat("proof")
    finally:
        connection.close()
