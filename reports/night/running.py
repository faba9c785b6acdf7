"""Running steps of nights one after the other, in whatever process this is."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from reports.models import Night, NightStep
from reports.night import leases
from reports.night.leases import Held, LostLease
from reports.night.parts import Parts, told

# What is done in a step; it notes there what failed.
Work = Mapping[str, Callable[[Held, Parts], None]]
LOOKS_AGAIN = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Ran:
    """A step that ran here. `lost`: somebody else has taken it meanwhile."""

    step: NightStep
    parts: Parts
    lost: bool = False


def run_next(work: Work, night: Night | None = None, *, failed: bool = True) -> Ran | None:
    """Takes the next step that is due and runs it; None if there was none.

    failed: also steps that failed and have rested.
    """
    held = leases.take(night, failed=failed)
    if held is None:
        return None
    parts = Parts()
    try:
        try:
            work[held.step.name](held, parts)
        except LostLease:
            raise
        except Exception as failure:  # whatever it is, it stands with the step
            parts.note(held.step.name, failure)
        leases.finish(held, parts.kept(), parts.error)
    except LostLease:
        return Ran(held.step, parts, lost=True)
    except Exception:  # the database is away: the lease ends by itself
        raise
    except SystemExit as ending:  # given back, it would end one process after the other
        with suppress(LostLease):
            leases.finish(held, parts.kept(), "\n".join(filter(None, (parts.error, told(ending)))))
        raise
    except BaseException:  # Ctrl-C
        held.give_back()
        raise
    held.step.refresh_from_db()
    return Ran(held.step, parts)


def run_all(work: Work, night: Night) -> Iterator[Ran]:
    """Runs the steps of a night until each is done or has failed; those of others it waits for."""
    while True:
        ran = run_next(work, night, failed=False)
        if ran is not None:
            yield ran
        elif night.steps.filter(state=NightStep.State.RUNNING).exists():
            threading.Event().wait(LOOKS_AGAIN)
        elif not leases.count_due(night, failed=False):
            return
