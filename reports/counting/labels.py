"""By what the people of tables are told apart: quality of the form, field, channel."""

from collections.abc import Mapping

from reports.sipas.hiding.partition import Labels

CLEAN, FLAGGED = "clean", "flagged"
OTHER = "other"  # a form that names no field
FIELD = 1  # the place of the field among the labels


def labels_of(
    flagged: bool, procedure: int | None, channel: int, fields: Mapping[str, str]
) -> Labels:
    """The labels of a form. fields: by the key of a procedure, the field that it is in."""
    return (
        FLAGGED if flagged else CLEAN,
        fields.get(str(procedure), OTHER),
        str(channel),
    )
