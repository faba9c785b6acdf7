"""All offices that serve today with the middle of their communes, for the button `near me`.

The same file for everybody, asked for after the press alone; the device measures (decision 0061).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import groupby, pairwise

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import condition, require_safe

from offices import directory
from offices.directory import Directory
from offices.nearby import offices_at_points
from offices.registry.slugs import ascii_slug

PARTS = 200  # of a degree: half a kilometre, as exact as the points are


@lru_cache(maxsize=1)
def file(known: Directory, day: date) -> tuple[bytes, str]:
    """What is sent, and its hash.

    A row a province: its name, then of its offices the addresses (empty: as the name is), names,
    latitudes, longitudes (200ths of a degree, each as the difference to the one before) and, by
    their place in the row, how many kilometres people may be away, where it is not the usual.
    """
    rows = []
    for province, group in groupby(offices_at_points(day), lambda one: one.office.province_name):
        here = list(group)
        rows.append(
            [
                province,
                ["" if o.office.slug == ascii_slug(o.name) else o.office.slug for o in here],
                [one.name for one in here],
                _steps(one.point.latitude for one in here),
                _steps(one.point.longitude for one in here),
                {at: one.point.reach for at, one in enumerate(here) if one.point.reach},
            ]
        )
    body = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()
    return body, hashlib.sha256(body).hexdigest()


def _steps(degrees: Iterable[float]) -> list[int]:
    """Each as the difference to the one before, in parts of a degree."""
    parts = [0, *(round(one * PARTS) for one in degrees)]
    return [after - before for before, after in pairwise(parts)]


def _etag(request: HttpRequest) -> str:
    return f'"{file(directory.current(), timezone.localdate())[1]}"'


@gzip_page
@require_safe
@condition(etag_func=_etag)
def points(request: HttpRequest) -> HttpResponse:
    """The file; asked for again by its hash, so that no office that has ended is shown."""
    body, _ = file(directory.current(), timezone.localdate())
    return HttpResponse(body, content_type="application/json")
