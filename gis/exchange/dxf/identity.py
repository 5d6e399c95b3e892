"""Marks that entities carry: ours, so that a drawing comes back as an update, and the surveyor's."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

APP: Final = "PLANBOARD"
SURVEY_APP: Final = "SOUTH"
RECORD: Final = "PLANBOARD"
"""Name of the record in the drawing that names its coordinate system."""

_TEXT: Final = 1000
_NUMBER: Final = 1070
_TEXTS: Final = 3
_NUMBERS: Final = 2


class Mark(NamedTuple):
    """What a written entity says about itself.

    Parameters
    ----------
    uid : str
        Of the feature; empty for what only decorates.
    layer : str
        Layer id in the project.
    role : str
        ``shape`` carries geometry; ``fill``, ``label`` and ``edge`` only show it.
    part, ring : int
        Which part of the geometry, which ring of that part; 0 is the outer one.
    """

    uid: str
    layer: str
    role: str
    part: int = 0
    ring: int = 0


def tags_of(mark: Mark) -> list[tuple[int, Any]]:
    """Return the tags that an entity keeps."""
    return [
        (_TEXT, mark.uid),
        (_TEXT, mark.layer),
        (_TEXT, mark.role),
        (_NUMBER, mark.part % 32768),
        (_NUMBER, mark.ring % 32768),
    ]


def own_mark(entity: Any) -> str:
    """Return our mark on an entity as JSON, empty if it has none that makes sense."""
    if not entity.has_xdata(APP):
        return ""
    tags = entity.get_xdata(APP)
    texts = [str(t.value) for t in tags if t.code == _TEXT][:_TEXTS]
    numbers = [int(t.value) for t in tags if t.code == _NUMBER][:_NUMBERS]
    if len(texts) < _TEXTS or len(numbers) < _NUMBERS:
        return ""
    return json.dumps([*texts, *numbers])


def mark_in(words: str) -> Mark:
    """Return the mark that `own_mark` found."""
    return Mark(*json.loads(words))


def surveyor_code(entity: Any) -> str:
    """Return the feature code that 南方CASS keeps on an entity, or an empty text."""
    if not entity.has_xdata(SURVEY_APP):
        return ""
    return next((str(t.value) for t in entity.get_xdata(SURVEY_APP) if t.code == _TEXT), "")


def write_record(document: Any, values: dict[str, str]) -> None:
    """Keep a few words about the project in a drawing, where CAD programs leave them."""
    record = document.rootdict.add_xrecord(RECORD)
    record.reset([(1, f"{name}={value}"[:240]) for name, value in values.items()])


def read_record(document: Any) -> dict[str, str]:
    """Return what `write_record` kept, or nothing."""
    record = document.rootdict.get(RECORD) if document.dxfversion > "AC1009" else None
    tags = getattr(record, "tags", ())
    return dict(str(t.value).split("=", 1) for t in tags if t.code == 1 and "=" in str(t.value))
