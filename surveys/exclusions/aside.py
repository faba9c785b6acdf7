"""Who stands beside the figures whatever auditors' rules say, for statements.

A form that may be part of a flood, until somebody accepts it; and a form whose evidence does not
count at its office in the year of its day. Both count in nothing.
"""

from surveys.labels import EVIDENCE
from surveys.models import Hold

# Conditions on a row `r` of surveys_response; the second wants the parameter `opener`.
HELD = f"""
(r.hold IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM surveys_hold h WHERE h.id = r.hold AND h.state = '{Hold.State.ACCEPTED.value}'
))
"""  # noqa: S608 - constants of ours
WEAKER = f"""
EXISTS (
    SELECT 1 FROM surveys_evidencelevel l
    WHERE l.office_id = r.office_id AND l.year = extract(year FROM r.day) AND {EVIDENCE} > l.level
)
"""  # noqa: S608 - constants of ours
ASIDE = f"({HELD} OR {WEAKER})"
