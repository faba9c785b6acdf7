"""Which questionnaires are asked: steps that two persons take, kept by the loader."""

from django.db import transaction
from django.utils import timezone

from surveys.models import Instrument

KIND = "questionnaire_state"
LIVE, DEFAULT, RETIRED = "live", "default", "retired"


def state_of(instrument: Instrument) -> str:
    """LIVE, DEFAULT or RETIRED; a draft that was never asked is RETIRED as well."""
    if instrument.is_default:
        return DEFAULT
    return LIVE if instrument.offered else RETIRED


def go_live(instrument: Instrument, *, default: bool = False) -> None:
    """From now on citizens can answer it; default: it is asked unless another is chosen."""
    with transaction.atomic():
        if default:
            others = Instrument.objects.filter(is_default=True).exclude(pk=instrument.pk)
            others.update(is_default=False, decided_on=timezone.localdate())
        instrument.offered = instrument.was_offered = True
        instrument.is_default = default
        instrument.decided_on = timezone.localdate()
        instrument.save(update_fields=["offered", "was_offered", "is_default", "decided_on"])


def retire(instrument: Instrument) -> None:
    """Nobody is asked it any more; what waits on devices without network still counts."""
    instrument.offered = instrument.is_default = False
    instrument.decided_on = timezone.localdate()
    instrument.save(update_fields=["offered", "is_default", "decided_on"])
