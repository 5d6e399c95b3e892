"""Control points typed into a table: name, x, y of the drawing, east, north on the ground."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from gis.crs import Bounds
from gis.crs_names import WGS84, is_geographic, parse_crs
from gis.exchange.asking import existing_file
from gis.exchange.encoding import decode_document
from gis.exchange.synonyms import plain_name
from gis.exchange.values import number
from gis.georeference import ControlPoint, with_drawing_east_first, with_east_first
from gis.point_systems import converted
from layers.errors import BadInputError, Finding
from layers.text import Text

_MOST_BYTES: Final = 1_000_000
_TITLES: Final = {
    "name": ("点名", "点号", "名称", "编号", "name", "id", "point"),
    "x": ("x", "图上x", "源x", "sourcex", "mapx", "pixelx"),
    "y": ("y", "图上y", "源y", "sourcey", "mapy", "pixely"),
    "east": ("e", "east", "easting", "东", "东坐标", "目标x", "横坐标", "经度", "lon"),
    "north": ("n", "north", "northing", "北", "北坐标", "目标y", "纵坐标", "纬度", "lat"),
}
_ORDER: Final = ("name", "x", "y", "east", "north")
_BAD_ROW: Final = Text("控制点的数字无法读取", "its numbers cannot be read")
_NORTH_FIRST: Final = Text(
    "控制点的图上坐标按“北、东”的顺序读入", "the drawing numbers of the points are taken as north, then east"
)
_FORM: Final = Text("每行一个点：点名,x,y,东坐标,北坐标。", "One point a line: name,x,y,east,north.")


def read_control_points(path: Path, crs: str, points_crs: str | None = None) -> tuple[ControlPoint, ...]:
    """Read control points.

    Parameters
    ----------
    path : Path
        A text table, with or without titles. Without them: name, x, y, east, north; the name may be missing.
    crs : str
        That of the project: east and north come out in it; numbers that can only be meant as north and
        east are exchanged, and marked.
    points_crs : str, optional
        What east and north are in; the project's if not given, or WGS 84 if they can only be degrees.

    Raises
    ------
    BadInputError
        With a finding for each line that cannot be read.
    """
    if existing_file(path).stat().st_size > _MOST_BYTES:
        raise _unreadable(path, ())
    text, _ = decode_document(path.read_bytes())
    dialect = max(",\t;，", key=text.count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=dialect)]
    rows_at = [(n, row) for n, row in enumerate(rows, 1) if any(row)]
    columns, titled = _columns(rows_at[0][1]) if rows_at else ({}, False)
    points, findings = [], []
    for n, row in rows_at[titled:]:
        point = _point(row, columns, f"{n - titled}")
        if point is None:
            findings.append(Finding("georeference.row", _BAD_ROW, "error", file=path.name, record=n))
        else:
            points.append(point)
    if findings or not points:
        raise _unreadable(path, findings)
    return _on_the_ground(points, crs, points_crs)


def drawing_points(
    points: Sequence[ControlPoint], box: Bounds | None
) -> tuple[tuple[ControlPoint, ...], tuple[Finding, ...]]:
    """Return points with their drawing numbers east first, and what to tell if they were not.

    Parameters
    ----------
    points : sequence of ControlPoint
    box : tuple of float, optional
        Around the drawing, in its own numbers.
    """
    if box is None:
        return tuple(points), ()
    put = tuple(with_drawing_east_first(point, box) for point in points)
    told = Finding("georeference.drawing-north-first", _NORTH_FIRST, "warning")
    return put, () if put == tuple(points) else (told,)


def _columns(first: Sequence[str]) -> tuple[dict[str, int], bool]:
    """Return which column holds what, and whether the first row names them."""
    plain = [plain_name(title) for title in first]
    found = {what: plain.index(t) for what, titles in _TITLES.items() for t in reversed(titles) if t in plain}
    if {"x", "y", "east", "north"} <= found.keys():
        return found, True
    numbers = [number(cell) is not None for cell in first]
    order = _ORDER if len(first) > 4 else _ORDER[1:]
    return {what: c for c, what in enumerate(order)}, not any(numbers[-4:])


def _point(row: Sequence[str], columns: dict[str, int], fallback: str) -> ControlPoint | None:
    cells = {what: row[c] if c < len(row) else "" for what, c in columns.items()}
    values = [number(cells.get(what, "")) for what in ("x", "y", "east", "north")]
    if any(value is None for value in values):
        return None
    x, y, east, north = (float(value) for value in values if value is not None)
    return ControlPoint(cells.get("name") or fallback, x, y, east, north)


def _on_the_ground(
    points: Sequence[ControlPoint], crs: str, points_crs: str | None
) -> tuple[ControlPoint, ...]:
    degrees = all(abs(p.east) <= 180.0 and abs(p.north) <= 90.0 for p in points)
    source = parse_crs(points_crs) if points_crs else WGS84 if degrees else crs
    if is_geographic(source) != degrees:
        raise _unreadable(Path("–"), ())
    if not degrees:
        points = [with_east_first(point, source) for point in points]
    if source == crs:
        return tuple(points)
    return tuple(converted(points, source, crs))


def _unreadable(path: Path, findings: Sequence[Finding]) -> BadInputError:
    words = Text("控制点文件 {file} 无法读取。", "The control points in {file} cannot be read.")
    return BadInputError(
        words.format(file=path.name), _FORM, code="georeference.file", findings=tuple(findings)
    )
