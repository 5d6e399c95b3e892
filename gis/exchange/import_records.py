"""What each import understood and found, kept with the project: part of the same step, gone with its undo."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.georeference import ControlPoint, Method
from layers.changes import ChangeSet, JsonValue, SettingChange
from layers.errors import Finding
from layers.feature import new_uid
from layers.snapshot import Snapshot
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.source import Ground

PREFIX: Final = "import."
"""Settings of this prefix are records of imports."""

MOST_FINDINGS: Final = 2000


@dataclass(frozen=True)
class ImportRecord:
    """One import, as it went.

    Parameters
    ----------
    file : str
        Name of the file.
    format : str
    crs : str
        Canonical name; empty for a table joined by number.
    when : str
        ISO time with zone.
    layers : tuple of str
        Layer ids that took something.
    counts : mapping of str to int
        As the plan of the import counts.
    findings : tuple of Finding
        At most 2,000.
    more : int
        Findings beyond those.
    id : str
    points : tuple of ControlPoint
        By which it was placed; for the next file of the same grid. They stay in the project.
    swapped : bool
        Whether the axes of the file were exchanged for that.
    method : {"similarity", "affine"}
    """

    file: str
    format: str
    crs: str
    when: str
    layers: tuple[str, ...]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    more: int = 0
    id: str = ""
    points: tuple[ControlPoint, ...] = ()
    swapped: bool = False
    method: Method = "similarity"


def record_of(
    path: Path,
    format_name: str,
    crs: str,
    layers: Sequence[str],
    counts: Mapping[str, int],
    findings: Sequence[Finding],
    ground: Ground | None = None,
) -> ImportRecord:
    """Return the record of an import that is about to be applied."""
    kept = tuple(findings[:MOST_FINDINGS])
    when = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    more = len(findings) - len(kept)
    record = ImportRecord(
        path.name, format_name, crs, when, tuple(layers), dict(counts), kept, more, new_uid()
    )
    if ground is None:
        return record
    return replace(record, points=ground.points, swapped=ground.fit.swapped, method=ground.fit.method)


def with_record(changes: ChangeSet, record: ImportRecord) -> ChangeSet:
    """Return the changes of an import together with its record."""
    return replace(
        changes,
        settings={**changes.settings, PREFIX + record.id: SettingChange(None, _stored(record))},
    )


def records_of(snapshot: Snapshot) -> tuple[ImportRecord, ...]:
    """Return the records that a project keeps, the newest first; one that cannot be read is left out."""
    found = [
        record
        for name, value in snapshot.settings.items()
        if name.startswith(PREFIX) and (record := _read(name.removeprefix(PREFIX), value)) is not None
    ]
    return tuple(sorted(found, key=lambda r: r.when, reverse=True))


def last_placed(snapshot: Snapshot) -> ImportRecord | None:
    """Return the newest import that was placed by control points."""
    return next((record for record in records_of(snapshot) if record.points), None)


def _stored(record: ImportRecord) -> JsonValue:
    return {
        "file": record.file,
        "format": record.format,
        "crs": record.crs,
        "when": record.when,
        "layers": list(record.layers),
        "counts": dict(record.counts),
        "more": record.more,
        "findings": [
            [f.code, f.severity, f.message.zh, f.message.en, f.record, f.field, f.layer, *(f.place or ())]
            for f in record.findings
        ],
        **(_stored_fit(record) if record.points else {}),
    }


def _stored_fit(record: ImportRecord) -> dict[str, JsonValue]:
    points: list[JsonValue] = [list(point[:5]) for point in record.points]
    return {"points": points, "swapped": record.swapped, "fit": record.method}


def _read(name: str, value: Any) -> ImportRecord | None:
    try:
        findings = tuple(
            Finding(code, Text(zh, en), severity, value["file"], record, field, layer, place=_place(place))
            for code, severity, zh, en, record, field, layer, *place in value["findings"]
        )
        return ImportRecord(
            str(value["file"]),
            str(value["format"]),
            str(value["crs"]),
            str(value["when"]),
            tuple(map(str, value["layers"])),
            {str(k): int(v) for k, v in value["counts"].items()},
            findings,
            int(value["more"]),
            name,
            tuple(
                ControlPoint(str(called), float(x), float(y), float(east), float(north))
                for called, x, y, east, north in value.get("points", ())
            ),
            bool(value.get("swapped", False)),
            "affine" if value.get("fit") == "affine" else "similarity",
        )
    except (LookupError, TypeError, ValueError, AttributeError):
        return None


def _place(numbers: Sequence[float]) -> tuple[float, float] | None:
    return (float(numbers[0]), float(numbers[1])) if numbers else None
