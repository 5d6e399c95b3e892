"""Features as text: what copying hands out, and what pasting makes of text from anywhere.

Pasted text is data. Fields that a layer does not have, and values that a field
does not take, are left out and counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import shapely
from shapely import Geometry

from gis.crs import transform
from gis.edit.features import check_geometry, layer_of
from gis.edit.transform import shift, transformed
from gis.measure import XY
from layers.changes import Change, ChangeSet, Key
from layers.errors import BadInputError, RefusedError
from layers.feature import Feature, new_uid
from layers.layer import Layer
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text

MIME: Final = "application/x-planboard-features"
WGS84: Final = "EPSG:4326"
MOST_CHARACTERS: Final = 20_000_000
MOST_FEATURES: Final = 20_000
_DECIMALS: Final = 9
"""Of degrees: a tenth of a millimetre."""
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_SRID: Final = re.compile(r"^\s*SRID=(\d{1,6});", re.IGNORECASE)


@dataclass(frozen=True)
class Copied:
    """Copied features: `own` is exact and for Planboard, `text` is GeoJSON for everybody."""

    own: bytes
    text: str


@dataclass(frozen=True)
class Pasted:
    """What pasting makes.

    Parameters
    ----------
    changes : ChangeSet
    left_out : int
        Values that did not fit.
    taken : int
        Numbers that others have already.
    states : tuple of Text
        What the plan takes things to be that came otherwise, or without a word of it: new, as a rule.
    """

    changes: ChangeSet
    left_out: int
    taken: int = 0
    states: tuple[Text, ...] = ()


@dataclass(frozen=True)
class _Row:
    """One shape that is pasted; `original` is the id of what was copied, None for text from anywhere."""

    layer: str | None
    shape: Geometry
    values: Any
    original: str | None = None


def copied(snapshot: Snapshot, keys: Iterable[Key]) -> Copied:
    """Return features for the clipboard."""
    found = [
        (layer, f) for layer, uid in sorted(keys) if (f := snapshot.feature((layer, uid))) and f.geometry
    ]
    own = {
        "crs": snapshot.crs,
        "features": [
            {
                "layer": layer,
                "id": f.uid,
                "shape": shapely.to_wkb(f.geometry, hex=True),
                "values": _values(f),
            }
            for layer, f in found
        ],
    }
    shapes = np.array([f.geometry for _, f in found], dtype=object)
    lonlat = transform(shapes, snapshot.crs, WGS84) if len(found) else shapes
    features = [
        {
            "type": "Feature",
            "layer": layer,
            "properties": _values(f),
            "geometry": _rounded(json.loads(shapely.to_geojson(shape))),
        }
        for (layer, f), shape in zip(found, lonlat, strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Copied(json.dumps(own).encode(), text)


def pasted(snapshot: Snapshot, own: bytes, middle: XY | None = None, *, existing: bool = False) -> Pasted:
    """Return the change that adds copied features, around `middle` or where they were.

    What is no longer in the plan comes back as it was, with its id: what was cut, or copied from an earlier
    revision, or out of another project. What is still there gets a copy, which is a thing of its own: see
    `layers.kind.Kind.copied`. A number, which must stay unique, is kept only if no other has it.

    Parameters
    ----------
    existing : bool
        Whether what exists is traced, so that copies are there as well.

    Raises
    ------
    BadInputError
        If the data is not what `copied` made.
    RefusedError
        If a layer is not here or does not take the shape.
    """
    data = _json(own.decode("utf-8", "replace"))
    try:
        rows = [
            _Row(str(row["layer"]), shapely.from_wkb(row["shape"]), row["values"], _id(row.get("id")))
            for row in data["features"]
        ]
        crs = str(data["crs"])
    except (KeyError, TypeError, AttributeError, shapely.errors.ShapelyError) as error:
        raise _unreadable() from error
    shapes = _checked([row.shape for row in rows])
    if crs != snapshot.crs:
        shapes = list(transform(np.array(shapes, dtype=object), crs, snapshot.crs))
    if middle is not None:
        west, south, east, north = shapely.total_bounds(shapes)
        move = shift(round(middle[0] - (west + east) / 2, 3), round(middle[1] - (south + north) / 2, 3))
        shapes = [transformed(shape, move) for shape in shapes]
    placed = [replace(row, shape=shape) for row, shape in zip(rows, shapes, strict=True)]
    return _added(snapshot, placed, existing)


def pasted_text(snapshot: Snapshot, text: str, layer_id: str | None, *, existing: bool = False) -> Pasted:
    """Return the change that adds what GeoJSON or WKT text holds, where its coordinates say.

    Coordinates that are degrees are taken as WGS 84 longitude and latitude,
    others as metres in the CRS of the project. What says nothing of its state is taken as drawn: it is new,
    unless what exists is traced.

    Parameters
    ----------
    layer_id : str or None
        The layer for what does not name its own.
    existing : bool
        Whether what exists is traced.

    Raises
    ------
    BadInputError
        If the text is neither.
    RefusedError
        If no layer takes the shapes.
    """
    if len(text) > MOST_CHARACTERS:
        raise BadInputError(
            Text("剪贴板里的文字太长。", "The text in the clipboard is too long."),
            Text("请用“导入数据”。", "Import it as a file."),
            code="paste.long",
        )
    rows, crs = _from_geojson(text) if text.lstrip()[:1] in ("{", "[") else _from_wkt(text)
    shapes = _checked([row.shape for row in rows])
    source = crs or (WGS84 if _in_degrees(shapes) else snapshot.crs)
    if source != snapshot.crs:
        shapes = list(transform(np.array(shapes, dtype=object), source, snapshot.crs))
    placed = [
        replace(row, layer=row.layer if row.layer in snapshot.layers else layer_id, shape=shape)
        for row, shape in zip(rows, shapes, strict=True)
    ]
    if any(row.layer is None for row in placed):
        raise RefusedError(
            Text("请先选一个图层再粘贴。", "Choose a layer to paste into first."), code="paste.layer"
        )
    return _added(snapshot, placed, existing)


def _from_geojson(text: str) -> tuple[list[_Row], str | None]:
    data = _json(text)
    features = data.get("features") if isinstance(data, dict) and "features" in data else [data]
    if not isinstance(features, list):
        raise _unreadable()
    rows: list[_Row] = []
    for feature in features:
        if not isinstance(feature, dict):
            raise _unreadable()
        geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
        layer = feature.get("layer")
        try:
            shape = shapely.from_geojson(json.dumps(geometry))
        except (shapely.errors.ShapelyError, ValueError) as error:
            raise _unreadable() from error
        rows += [
            _Row(layer if isinstance(layer, str) else None, part, feature.get("properties"))
            for part in _loose(shape)
        ]
    return rows, None


def _from_wkt(text: str) -> tuple[list[_Row], str | None]:
    rows: list[_Row] = []
    srid = None
    for line in filter(None, (one.strip() for one in text.splitlines())):
        if match := _SRID.match(line):
            srid = f"EPSG:{match[1]}"
        try:
            shape = shapely.from_wkt(_SRID.sub("", line))
        except shapely.errors.ShapelyError as error:
            raise _unreadable() from error
        rows += [_Row(None, part, None) for part in _loose(shape)]
    return rows, srid


def _loose(shape: Geometry | None) -> list[Geometry]:
    """Take a collection of unlike shapes apart; others stay whole."""
    if shape is not None and shape.geom_type == "GeometryCollection":
        return [inner for part in shapely.get_parts(shape) for inner in _loose(part)]
    return [] if shape is None else [shape]


def _checked(shapes: list[Geometry]) -> list[Geometry]:
    if not shapes:
        raise _unreadable()
    if len(shapes) > MOST_FEATURES:
        raise BadInputError(
            Text(
                "剪贴板里有 {n} 个对象，太多了。", "The clipboard holds {n} objects, which is too many."
            ).format(n=len(shapes)),
            Text("请用“导入数据”。", "Import them as a file."),
            code="paste.many",
        )
    flat = [shapely.force_2d(shape) for shape in shapes]
    if not np.isfinite(shapely.get_coordinates(flat)).all():
        raise _unreadable()
    return flat


def _in_degrees(shapes: list[Geometry]) -> bool:
    xy = np.abs(shapely.get_coordinates(shapes))
    return bool(len(xy) and xy[:, 0].max() <= 180.0 and xy[:, 1].max() <= 90.0)


def _added(snapshot: Snapshot, rows: list[_Row], existing: bool) -> Pasted:
    changes, left_out, taken, states = [], 0, 0, dict[str, Text]()
    numbers = {row.layer: _numbers(layer_of(snapshot, str(row.layer))) for row in rows}
    here = {row.original for row in rows if row.original and _is_here(snapshot, row.original)}
    for row in rows:
        layer = layer_of(snapshot, str(row.layer))
        check_geometry(layer, row.shape)
        given = _fitting(layer, row.values)
        left_out += max(len(row.values) - len(given), 0) if isinstance(row.values, Mapping) else 0
        uid = row.original if row.original and row.original not in here else new_uid()
        here.add(uid)
        values = given if uid == row.original else _begun(layer, row, given, existing)
        number = layer.kind.number_field or ""
        if values.get(number) in numbers[row.layer]:
            values = {name: value for name, value in values.items() if name != number}
        taken += given.get(number) is not None and values.get(number) is None
        numbers[row.layer].add(values.get(number))
        states.update(_decided(layer, given, values))
        changes.append(Change(layer.id, None, Feature(uid, row.shape, values)))
    return Pasted(ChangeSet.of(changes), left_out, taken, tuple(states.values()))


def _id(given: object) -> str:
    """Return the id of what was copied; empty if it is none."""
    return given if isinstance(given, str) and _ID.fullmatch(given) else ""


def _is_here(snapshot: Snapshot, uid: str) -> bool:
    return any(uid in layer.table for layer in snapshot.layers.values())


def _begun(layer: Layer, row: _Row, given: dict[str, Value], existing: bool) -> dict[str, Value]:
    """Return what something starts with that is not back again: a copy, or what came as text."""
    if row.original is not None:
        return layer.kind.copied(given, existing=existing)
    return {**layer.kind.defaults(), **({} if existing else layer.kind.drawn()), **given}


def _decided(layer: Layer, given: Mapping[str, Value], values: Mapping[str, Value]) -> dict[str, Text]:
    """Return the words of what the plan takes something to be that did not come with it."""
    return {
        str(value): field.word(value)
        for field in layer.fields
        if field.drawn is not None and (value := values.get(field.name)) not in (None, given.get(field.name))
    }


def _numbers(layer: Layer) -> set[Value]:
    """Return the numbers that features of a layer have."""
    field = layer.kind.field(layer.kind.number_field or "")
    return {field.kept(v) for v in layer.table.columns[field.name] if v is not None} if field else set()


def _fitting(layer: Layer, given: object) -> dict[str, Value]:
    if not isinstance(given, Mapping):
        return {}
    fields = {f.name: f for f in layer.fields if f.type != "photos"}
    return {
        name: fields[name].kept(value)
        for name, value in given.items()
        if name in fields
        and isinstance(value, (str, int, float, bool))
        and value != ""
        and fields[name].problem(value) is None
        and (isinstance(value, str) == (fields[name].type not in ("integer", "real", "boolean")))
    }


def _values(feature: Feature) -> dict[str, Value]:
    return {name: value for name, value in feature.attributes.items() if value is not None}


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    def at(part: Any) -> Any:
        return [at(p) for p in part] if isinstance(part, list) else round(part, _DECIMALS)

    return {**geometry, "coordinates": at(geometry["coordinates"])}


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _unreadable() from error


def _unreadable() -> BadInputError:
    return BadInputError(
        Text("剪贴板里没有可粘贴的图形。", "The clipboard holds no shapes."),
        Text("可粘贴：在本程序复制的对象、GeoJSON、WKT。", "Paste what was copied here, GeoJSON or WKT."),
        code="paste.unreadable",
    )
