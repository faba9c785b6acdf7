"""Whose answers stand in figures, said once, for statements.

A response stands in figures when it can no longer change, enough criteria are answered, its dossier
has a result, and the person came forward to answer. `Response.excluded` is apart from this: it says
what an auditor left out of those who would stand.
"""

from surveys.models.response import FINISHED_STATES, Channel, Stage

# SIPAS asks those who have a result; those still waiting are counted apart and shown in no score.
STAGE_APART = Stage.WAITING
# Interviewers choose whom they ask: a sample shares no figure with people who came forward.
CHANNEL_APART = Channel.INTERVIEW

# Conditions on surveys_response for statements that join no other table with these columns.
FINISHED = f"state IN ({', '.join(str(state.value) for state in FINISHED_STATES)})"
ENOUGH = f"{FINISHED} AND valid"
IN_SCORES = f"stage <> {STAGE_APART.value} AND channel <> {CHANNEL_APART.value}"
# Who stands in figures, or would if no auditor had left them out.
STANDING = f"{ENOUGH} AND {IN_SCORES}"
# Who waits for a batch.
IN_QUEUE = f"batch IS NULL AND {STANDING} AND NOT excluded"
