"""Seconds of the processor in which a million responses in memory are counted."""

import json
import time

import numpy as np

from reports.sipas.counts.layout import Item, Layout
from reports.sipas.counts.sums import count

PEOPLE = 1_000_000
COMPONENTS = "AABBBCCCCDDDEEEE"
FORM = Layout(
    tuple(
        Item(f"{component}{place}", "satisfaction", component, "services")
        for place, component in enumerate(COMPONENTS)
    ),
    instrument="bench",
)

if __name__ == "__main__":
    packed = np.random.default_rng(1).integers(0, 10, (PEOPLE, len(COMPONENTS)), dtype=np.uint8)
    began = time.process_time()
    people = count(FORM, packed).people
    print(json.dumps({"people": people, "seconds": round(time.process_time() - began, 3)}))
