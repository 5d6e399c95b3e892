"""GeoPackage and shapefile, through GDAL, into a folder of their own.

Never on a project file: the caller writes into a fresh folder and moves the
finished files.
"""

from __future__ import annotations

import csv
import datetime as dt
import errno
import shutil
from collections.abc import Iterable, Sequence
from glob import escape
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.disk_words import disk_words
from gis.exchange.encoding import UTF8, label_codec
from gis.exchange.mapping import short_names
from gis.exchange.written import Told, Writer, Written, pieces
from gis.i18n import tr
from layers.errors import Finding, StorageError, UsageError
from layers.layer import Layer
from layers.schema import Field, Value
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text, same

_LONGEST: Final = 254
_LDID_AT: Final = 29
_LDID_GBK: Final = b"\x4d"
SHAPES: Final = ("point", "line", "polygon")
"""What the files of a layer that holds several kinds of shape are told apart by."""
_CHUNK: Final = 25_000
_NO_ROOM: Final = 200_000
"""Bytes; a disk with less is full."""
_GPKG_VERSION: Final = "1.2"
"""What QGIS and ArcGIS of the last years read without a warning."""
_TOO_LONG: Final = Text("文字超过 254 字节，已截断", "its text is over 254 bytes and was cut")
_NO_CHARACTERS: Final = Text("有 GBK 中没有的字，写成“?”", "it has characters that GBK lacks, written as “?”")
FIELD_NAMES: Final = Text("字段对照表", "fields")
"""How the table of shortened names is called, after the name of the shapefiles."""


def write_geopackage(
    snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None
) -> Written:
    """Write plain layers: names and values as they are, a ``uid`` column, nothing of the project's own."""
    written = Written(files=[out])
    for position, layer in enumerate(layers):
        names = {f.name: f.name for f in layer.fields}
        _write(out, layer.table, layer, names, snapshot.crs, driver="GPKG", append=position > 0, told=told)
        written.counts[layer.id] = len(layer.table)
    return written


def shapefile_writer(encoding: str) -> Writer:
    """Return a writer of shapefiles whose text is in another encoding, such as GBK for ArcGIS 10 and CASS.

    Raises
    ------
    UsageError
        If there is no such encoding.
    """
    codec = label_codec(encoding)
    known = {"utf-8": "UTF-8", "gb18030": "CP936"}
    if codec not in known:
        words = Text("Shapefile 的编码只能是 UTF-8 或 GBK。", "A shapefile is written in UTF-8 or GBK.")
        raise UsageError(words, code="usage.encoding")

    def write(snapshot: Snapshot, layers: Sequence[Layer], out: Path, told: Told | None = None) -> Written:
        return write_shapefiles(snapshot, layers, out, told, known[codec])

    return write


def write_shapefiles(
    snapshot: Snapshot,
    layers: Sequence[Layer],
    out: Path,
    told: Told | None = None,
    encoding: str = "UTF-8",
) -> Written:
    """Write one set of files per layer and kind of shape, and a table of the shortened field names.

    With a ``.cpg``. Text over 254 bytes, and characters that the encoding does
    not have, do not fit; a finding says where.
    """
    written = Written()
    for layer in layers:
        parts = _by_dimension(layer.table)
        for dimension, table in parts:
            ends = ([layer.id] if len(layers) > 1 else []) + ([SHAPES[dimension]] if len(parts) > 1 else [])
            shp = out.with_name("_".join([out.stem, *ends]) + ".shp")
            written.findings += _unfit(layer, table, encoding)
            names_of = short_names(layer.fields)
            driver = "ESRI Shapefile"
            _write(shp, table, layer, names_of, snapshot.crs, driver=driver, encoding=encoding, told=told)
            if encoding != UTF8:
                _mark_chinese(shp.with_suffix(".dbf"))
            written.files += sorted(out.parent.glob(f"{escape(shp.stem)}.*"))
        written.counts[layer.id] = sum(len(table) for _, table in parts)
        missing = len(layer.table) - written.counts[layer.id]
        if missing:
            words = Text(
                "{n} 个没有图形的对象无法写入 Shapefile",
                "{n} features without a shape do not fit a shapefile",
            )
            written.findings.append(
                Finding("export.no-shape", words.format(n=missing), "warning", layer=layer.id)
            )
    names = out.with_name(f"{out.stem}_{tr(FIELD_NAMES)}.csv")
    _write_names(names, layers)
    written.files.append(names)
    return written


def _write(
    path: Path,
    table: Table,
    layer: Layer,
    names: dict[str, str],
    crs: str,
    *,
    driver: str,
    append: bool = False,
    encoding: str = "UTF-8",
    told: Told | None = None,
) -> None:
    """Write a table in parts, so that a large one can be stopped."""
    kind = _geometry_type(table) if driver == "GPKG" else _shape_type(table)
    options: dict[str, Any] = {"driver": driver, "geometry_type": kind, "crs": crs}
    options |= {"layer": layer.id if driver == "GPKG" else path.stem}
    if driver == "GPKG":
        options["layer_options"] = {"IDENTIFIER": tr(layer.title)}
        options["dataset_options"] = {"VERSION": _GPKG_VERSION}
    else:
        options["encoding"] = encoding
    dates = {f.name for f in layer.fields if f.type == "date" and _are_days(table.columns[f.name])}
    for part in pieces(table, _CHUNK):
        _write_part(path, part, layer, names, dates, {**options, "append": append})
        append = True
        if told is not None:
            told.step(layer, len(part))


def _write_part(
    path: Path,
    table: Table,
    layer: Layer,
    names: dict[str, str],
    dates: set[str],
    options: dict[str, Any],
) -> None:
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

    limit = None if options["driver"] == "GPKG" else _LONGEST
    values = ((field, np.asarray(table.columns[field.name])) for field in layer.fields)
    encoding = options.get("encoding", UTF8)
    columns = [
        _days(column) if field.name in dates else _column(field, column, limit, encoding)
        for field, column in values
    ]
    shapes = np.asarray(table.geometry)
    try:
        pyogrio.raw.write(
            path,
            shapely.to_wkb(_as_multipoints(shapes) if options["geometry_type"] == "MultiPoint" else shapes),
            [np.asarray(table.uids), *(values for values, _ in columns)],
            ["uid", *(names[field.name] for field in layer.fields)],
            field_mask=[None, *(mask for _, mask in columns)],
            promote_to_multi=False,
            nan_as_null=True,
            **options,
        )
    except (DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError, OSError) as error:
        raise StorageError(
            Text("无法写入 {file}：{why}", "{file} cannot be written: {why}").format(
                file=path.name, why=_refusal(error, path.parent)
            ),
            Text("原有文件未改动。", "An older file is as it was."),
            code="export.storage",
        ) from None


def _refusal(error: Exception, folder: Path) -> Text:
    """Return why GDAL failed; of a full disk it speaks of many things, never of the disk."""
    if "No space left" in str(error) or shutil.disk_usage(folder).free < _NO_ROOM:
        return disk_words(OSError(errno.ENOSPC, "full"))
    return same(str(error))


def _are_days(values: Iterable[Value]) -> bool:
    """Tell whether all dates of a column are days of the calendar; a year alone is kept as a text."""
    try:
        return all(dt.date.fromisoformat(v).isoformat() == v for v in values if isinstance(v, str))
    except ValueError:
        return False


def _days(values: NDArray[np.object_]) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    """Return dates as such, and a mask of those missing."""
    days = np.array(["NaT" if v is None else v for v in values], dtype="datetime64[D]")
    return days, np.isnat(days)


def _mark_chinese(dbf: Path) -> None:
    """Say in the header that the text is GBK, for programs that know no ``.cpg``."""
    with dbf.open("r+b") as stream:
        stream.seek(_LDID_AT)
        stream.write(_LDID_GBK)


def _geometry_type(table: Table) -> str:
    kinds = {g.geom_type for g in table.geometry if g is not None}
    return kinds.pop() if len(kinds) == 1 else "Unknown"


def _shape_type(table: Table) -> str:
    """Return the one type of a shapefile; its lines and polygons may have parts, its points may not."""
    kinds = {g.geom_type for g in table.geometry}
    if kinds == {"Point"}:
        return "Point"
    return next(
        simple for simple in ("MultiPoint", "LineString", "Polygon") if any(simple in k for k in kinds)
    )


def _as_multipoints(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    points = [g if g.geom_type == "MultiPoint" else shapely.MultiPoint([g]) for g in geometry]
    return np.array([*points, None], dtype=object)[:-1]


def _column(
    field: Field, values: NDArray[np.object_], longest_bytes: int | None, encoding: str
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Return values of one type and a mask of those missing."""
    empty = np.array([v is None for v in values], dtype=bool)
    if field.type == "integer":
        return np.array([0 if v is None else int(v) for v in values], dtype=np.int64), empty
    if field.type == "real":
        return np.array([0.0 if v is None else float(v) for v in values], dtype=float), empty
    if field.type == "boolean":
        return np.array([bool(v) for v in values], dtype=bool), empty
    texts = np.empty(len(values), dtype=object)
    texts[:] = [None if v is None else _cut(str(v), longest_bytes, encoding) for v in values]
    return texts, empty


def _cut(text: str, longest_bytes: int | None, encoding: str) -> str:
    """Return as much of a text as fits, never half a character; ? for what the encoding does not have."""
    if longest_bytes is None or (len(text) <= longest_bytes and text.isascii()):
        return text
    stored = text.encode(encoding, "replace")
    return stored[:longest_bytes].decode(encoding, "ignore")


def _by_dimension(table: Table) -> list[tuple[int, Table]]:
    dimensions = shapely.get_dimensions(table.geometry)
    return [(d, table.where(dimensions == d)) for d in range(len(SHAPES)) if (dimensions == d).any()]


def _unfit(layer: Layer, table: Table, encoding: str) -> list[Finding]:
    findings = []
    for field in layer.fields:
        for uid, value in zip(table.uids, table.columns[field.name], strict=True):
            if not isinstance(value, str) or (len(value) <= _LONGEST and value.isascii()):
                continue
            stored = value.encode(encoding, "replace")
            told = [("export.cut", _TOO_LONG)] if len(stored) > _LONGEST else []
            if stored.decode(encoding) != value:
                told.append(("export.characters", _NO_CHARACTERS))
            findings += [
                Finding(code, words, "warning", record=uid, field=field.name, layer=layer.id, uid=uid)
                for code, words in told
            ]
    return findings


def _write_names(path: Path, layers: Sequence[Layer]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream)
        table.writerow([tr("图层", "Layer"), tr("短名", "Short"), tr("字段", "Field"), tr("名称", "Title"),
                        tr("单位", "Unit")])  # fmt: skip
        for layer in layers:
            for field in layer.fields:
                short = short_names(layer.fields)[field.name]
                table.writerow([layer.id, short, field.name, tr(field.title), field.unit])
