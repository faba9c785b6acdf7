"""Fills what 0008 made: the months that figures show as closed, and the headline of each batch."""

from django.db import migrations

# As `reports.models.closing.SEAL` was then.
SEAL = """
encode(sha256(convert_to(coalesce(string_agg(
    concat_ws(',', r.id, r.day, r.batch, r.authority_id, r.procedure_id, r.channel, r.stage,
              r.flags, r.simulated, encode(r.answers, 'hex')),
    ';' ORDER BY r.id), ''), 'UTF8')), 'hex')
"""

# A response stands in batches once it is finished or settled, and answers enough.
CLOSED = f"""
INSERT INTO reports_closedmonth
    (office_id, instrument_id, start, newest, people, digest, closed_at)
SELECT s.office_id, s.instrument_id, s.start, coalesce(max(r.batch), 0), count(r.id), {SEAL}, now()
FROM reports_score s
LEFT JOIN surveys_response r
    ON r.office_id = s.office_id AND r.instrument_id = s.instrument_id AND r.batch IS NOT NULL
    AND r.day >= s.start AND r.day < s.start + interval '1 month'
WHERE s.office_id IS NOT NULL AND s.period = 'month' AND s.closed
GROUP BY 1, 2, 3
"""  # noqa: S608 - constants of ours

# The headline is one overall question, else the services, else all criteria. Each answer of it
# counts as the questionnaire says.
MOMENTS = """
WITH chosen AS (
    SELECT c.instrument_id, CASE
        WHEN bool_or(f.component = 'overall') THEN 'overall'
        WHEN bool_or(f.component = 'services') THEN 'services'
    END AS component
    FROM surveys_criterion c LEFT JOIN surveys_factor f ON f.id = c.factor_id
    WHERE c.scale = 'satisfaction' GROUP BY 1
), headline AS (
    SELECT c.instrument_id, array_agg(c.position::int) AS positions
    FROM surveys_criterion c
    JOIN chosen USING (instrument_id) LEFT JOIN surveys_factor f ON f.id = c.factor_id
    WHERE c.scale = 'satisfaction'
      AND (chosen.component IS NULL OR f.component = chosen.component)
    GROUP BY 1
), people AS (
    SELECT r.office_id, r.instrument_id, r.batch, r.day, said.y, said.m
    FROM surveys_response r
    JOIN headline h USING (instrument_id)
    JOIN surveys_instrument i ON i.id = r.instrument_id
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE i.satisfied @> to_jsonb(get_byte(r.answers, p))) AS y,
               count(*) FILTER (WHERE i.valid @> to_jsonb(get_byte(r.answers, p))) AS m
        FROM unnest(h.positions) p
    ) said
    WHERE r.batch IS NOT NULL AND r.state IN (1, 2) AND r.valid
), summed AS (
    SELECT office_id, instrument_id, batch, day,
           ARRAY[sum(y), sum(m), sum(y * y), sum(m * m), sum(y * m)]::bigint[] AS moments
    FROM people GROUP BY 1, 2, 3, 4
)
UPDATE reports_batch b SET moments = s.moments FROM summed s
WHERE (b.office_id, b.instrument_id, b.number, b.day)
    = (s.office_id, s.instrument_id, s.batch, s.day)
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0008_closed_months"), ("surveys", "0015_marks")]

    operations = [
        migrations.RunSQL(CLOSED, "DELETE FROM reports_closedmonth"),
        migrations.RunSQL(MOMENTS, migrations.RunSQL.noop),
    ]
