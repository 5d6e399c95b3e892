"""What can be read of a GeoJSON that was cut or damaged on the way. Runs in the child process only."""

from __future__ import annotations

import json
import re
from typing import Any, Final

CUT_MEMBER: Final = "planboard_cut_line"
"""Member of a salvaged document: the line at which reading stopped."""

_FEATURES: Final = re.compile(r'"features"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")


def readable_part(text: str) -> dict[str, Any] | None:
    """Return a FeatureCollection of the whole features before the damage, or None if there are none.

    Examples
    --------
    >>> found = readable_part('{"type": "FeatureCollection", "features": [{"type": "Feature"}, {"ty')
    >>> found["features"], found[CUT_MEMBER]
    ([{'type': 'Feature'}], 1)
    """
    start = _FEATURES.search(text)
    if start is None:
        return None
    features, position = _features(text, start.end())
    if not features:
        return None
    try:
        head = json.loads(text[: start.end()] + "]}")
    except (json.JSONDecodeError, RecursionError):
        head = {"type": "FeatureCollection"}
    return {**head, "features": features, CUT_MEMBER: text.count("\n", 0, position) + 1}


def _features(text: str, position: int) -> tuple[list[Any], int]:
    decoder = json.JSONDecoder()
    features: list[Any] = []
    while True:
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        try:
            feature, position = decoder.raw_decode(text, position)
        except (json.JSONDecodeError, RecursionError):
            return features, position
        features.append(feature)
