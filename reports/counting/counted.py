"""Which responses count, said once for every statement, and the policy that all figures obey."""

from reports.sipas.hiding.suppression import Policy
from surveys.models import CLOSED_STATES, Channel, Stage

POLICY = Policy()

# Of surveys_response, which statements may call r.
CLOSED = f"state IN ({', '.join(str(state.value) for state in CLOSED_STATES)}) AND valid"
COUNTED = f"{CLOSED} AND NOT excluded"
# SIPAS asks those who have a result; those still waiting are counted apart and shown in no score.
# Interviewers choose whom they ask: a sample shares no figure with people who came forward.
IN_SCORES = f"stage <> {Stage.WAITING.value} AND channel <> {Channel.INTERVIEW.value}"
IN_QUEUE = f"batch IS NULL AND {COUNTED} AND {IN_SCORES}"
