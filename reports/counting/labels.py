"""By what the people of tables are told apart: field, quality of the form, channel.

The first is told of most people: comparisons of offices need the field (decision 0037).
"""

from collections.abc import Mapping

from reports.sipas.hiding.partition import Labels

CLEAN, FLAGGED = "clean", "flagged"
OTHER = "other"  # a form that names no field
FIELD = 0  # the place of the field among the labels


def labels_of(
    flagged: bool, procedure: int | None, channel: int, fields: Mapping[str, str]
) -> Labels:
    """The labels of a form. fields: by the key of a procedure, the field that it is in."""
    return (
        fields.get(str(procedure), OTHER),
        FLAGGED if flagged else CLEAN,
        str(channel),
    )
