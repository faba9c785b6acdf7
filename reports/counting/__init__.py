"""Which responses count, in which batches, on which days: from responses to mergeable counts.

One definition (`counted`) serves every statement. It may use surveys' models and `reports.sipas`.
Start reading at `tally`, which recounts what is marked.
"""
