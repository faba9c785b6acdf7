"""The percentages and their intervals, by the method of the questionnaire (docs/methodology.md).

It may use `counts`. Start reading at `percentages`, then `interval`.
"""

__all__ = ["headline", "interval", "lasting", "percentages", "quantile"]
