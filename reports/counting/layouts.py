"""The arithmetic side of each instrument."""

from functools import lru_cache
from typing import cast

from reports.sipas.counts.layout import Item, Layout, Method, Scale
from surveys.models import Criterion
from surveys.questionnaires import catalogue
from surveys.questionnaires.catalogue import InstrumentEntry


@lru_cache(maxsize=64)
def layout_of(instrument: InstrumentEntry) -> Layout:
    """The layout of an instrument: its items, factors and components in order, what counts."""
    component = {factor.code: factor.component for factor in instrument.factors}
    items = tuple(
        Item(
            code=item.code,
            scale=cast(Scale, item.scale),
            factor=item.factor_code,
            component=component.get(item.factor_code or ""),
            about_result=item.about_result,
            criterion=item.group if item.scale == Criterion.Scale.REASON else None,
        )
        for item in instrument.items
    )
    return Layout(
        items,
        satisfied=instrument.satisfied,
        valid=instrument.valid,
        instrument=f"{instrument.slug}@{instrument.version}",
        method=Method(instrument.method),
        minimum_answered=instrument.minimum_answered,
    )


def instrument_of(instrument_id: int) -> InstrumentEntry:
    """The instrument with this key. Raises LookupError when there is none."""
    entry = catalogue.current().by_id(instrument_id)
    if entry is None:
        raise LookupError(f"there is no instrument {instrument_id}")
    return entry
