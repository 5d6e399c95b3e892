"""Reading layers through GDAL: all at once, or record by record when that fails.

Runs in the child process only.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.exchange.packed_shapes import PackedShapes
from gis.exchange.raw import SourceLayer
from gis.exchange.shapes import are_sound
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text

_DIALECT = "ISO-8859-1"
"""Maps every byte to one character and back, so that GDAL cannot spoil text by a wrong guess."""

_AS_STORED: Final = "SHAPE_ENCODING"
"""GDAL's option: empty, text of shapefiles comes as the bytes that stand there."""
_EVERY: Final = "1 = 1"
"""A filter that all records pass: GDAL counts what passes a filter, and believes the file otherwise."""
_MOST_TOLD: Final = 10_000
_OTHER_TEXT: Final = ("ESRI Shapefile", "MapInfo File")
"""Drivers that take the encoding they are told; the others give text as it is meant."""
_AS_THEY_ARE: Final = {str, int, type(None)}


class Records(NamedTuple):
    """A layer as GDAL gives it.

    Parameters
    ----------
    names : list of str
        May hold duplicates.
    columns : list of sequence of Value
    geometry : array of shapely.Geometry or None, shape (n,)
    damaged : array of bool, shape (n,)
        Where there is a geometry that cannot be read.
    numbers : list of int
        Record numbers, the first is 1.
    crs : str or None
    lost : list of Finding
        Records that could not be read at all.
    packed : PackedShapes, optional
        All n geometries as they came. `geometry` then has only those with something to look into; of the
        others it is None, and `sound` says so.
    sound : array of bool, shape (n,), optional
    surfaces : tuple of int
        Records that hold surfaces in space; their geometry is the footprint.
    closed : array of bool, shape (n,), optional
        Where an outline did not end where it begins, and does now.
    """

    names: list[str]
    columns: list[Sequence[Value]]
    geometry: NDArray[np.object_]
    damaged: NDArray[np.bool_]
    numbers: list[int]
    crs: str | None
    lost: list[Finding]
    packed: PackedShapes | None = None
    sound: NDArray[np.bool_] | None = None
    surfaces: tuple[int, ...] = ()
    closed: NDArray[np.bool_] | None = None


def list_layers(path: Path) -> list[SourceLayer]:
    """Return what a file offers.

    Raises
    ------
    BadInputError
        If GDAL cannot open it.
    """
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        names = pyogrio.list_layers(path)
    except (DataSourceError, DataLayerError, UnicodeDecodeError) as error:
        raise cannot_open(path, str(error)) from None
    layers = []
    for name, geometry in names:
        try:
            info = pyogrio.read_info(path, layer=name, encoding=None)
        except (DataSourceError, DataLayerError, UnicodeDecodeError):
            info = {}
        count = int(info.get("features", -1))
        if count == 0 and info.get("driver") == "GPKG" and _holds_something(path, name):
            count = -1  # the file counts wrongly
        layers.append(SourceLayer(name, geometry, count, named_crs(info.get("crs"))))
    return layers


def _holds_something(path: Path, layer: str) -> bool:
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    try:
        _, fids, _, _ = pyogrio.raw.read(
            path, layer=layer, where=_EVERY, max_features=1, columns=[], return_fids=True
        )
    except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError, ValueError):
        return True
    return fids is not None and len(fids) > 0


def read_layer(
    path: Path, layer: str, *, by_columns: bool = False, crs_needed: bool = False, recount: bool = False
) -> Records:
    """Read one layer, in bulk if possible; text as one character a byte (`text_bytes` turns it back).

    Parameters
    ----------
    path : Path
    layer : str
    by_columns : bool
        Whether GDAL gives this format's text as the bytes that stand in the file, so that whole columns can
        be taken at once.
    crs_needed : bool
        Raise `BadInputError` (``import.crs-damaged``) if the CRS is damaged, instead of trying on.
    recount : bool
        Whether the file itself tells how many records there are and may be wrong: they are counted anew, else
        those beyond would be lost.
    """
    from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError

    try:
        return (_by_columns(path, layer) if by_columns else None) or _in_bulk(path, layer, recount)
    except CRSError as error:
        if crs_needed:
            words = Text("坐标系定义损坏", "the definition of the CRS is damaged")
            raise BadInputError(words, code="import.crs-damaged") from error
        return _one_by_one(path, layer)
    except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError, ValueError, OverflowError):
        return _one_by_one(path, layer)


def text_bytes(text: str) -> bytes:
    """Return the bytes behind text as `read_layer` returns it."""
    return text.encode("latin-1", "replace")


def named_crs(crs: object) -> str | None:
    """Return the CRS of a layer, or None if it only says that it does not know."""
    name = str(crs) if crs else ""
    return None if not name or "Undefined" in name[:60] or name.startswith(("ENGCRS", "LOCAL_CS")) else name


def cannot_open(path: Path, why: str | Text = "") -> BadInputError:
    """Return the error for a file that is not what its name says.

    Parameters
    ----------
    path : Path
    why : str or Text, optional
        In words; a str is what a library said, in English only.
    """
    said = why if isinstance(why, Text) else _as_said(why.replace(str(path), path.name)[:160])
    return BadInputError(
        Text(
            "无法读取文件 {file}：内容损坏或不是所标的格式。",
            "{file} cannot be read: damaged, or not what its name says.",
        ).format(file=path.name),
        Text(
            f"请从原软件重新导出后再试。{said.zh}",
            f"Export it again from the program it comes from. {said.en}",
        )
        if why
        else None,
        code="import.unreadable",
    )


def _as_said(words: str) -> Text:
    return Text(f"（读取程序的提示：{words}）", f"({words})")


def _by_columns(path: Path, layer: str) -> Records | None:
    """Read whole columns; None if the layer holds what cannot be taken so."""
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

    from gis.exchange.arrow_stream import read_columns

    pyogrio.set_gdal_config_options({_AS_STORED: ""})
    try:
        found = read_columns(path, layer)
    except (DataSourceError, DataLayerError, FeatureError, UnicodeDecodeError, ValueError):
        return None
    finally:
        pyogrio.set_gdal_config_options({_AS_STORED: None})
    if found is None:
        return None
    packed, size = found.shapes, len(found.shapes)
    geometry, (damaged, closed, sound) = np.full(size, None, dtype=object), np.zeros((3, size), bool)
    start = 0
    for number, rows in enumerate(packed.rows):
        here = slice(start, start + rows)
        shapes, damaged[here], closed[here] = _from_wkb(packed.blobs(number))
        sound[here] = are_sound(shapes) & ~closed[here]
        shapes[sound[here]] = None  # to be let go: there is no need to hold all of them at once
        geometry[here] = shapes
        start += rows
    names = [name.decode(_DIALECT) for name in found.names]
    numbers = list(range(1, size + 1))
    crs = named_crs(found.crs)
    return Records(names, found.columns, geometry, damaged, numbers, crs, [], packed, sound, closed=closed)


def _in_bulk(path: Path, layer: str, recount: bool) -> Records:
    import pyogrio.raw

    meta, fids, wkb, data = pyogrio.raw.read(
        path, layer=layer, datetime_as_string=True, encoding=_DIALECT, return_fids=recount
    )
    if recount and wkb is not None and fids is not None:
        wkb, data = _with_uncounted(path, layer, int(fids.max(initial=0)), wkb, data)
    count = len(wkb) if wkb is not None else (len(data[0]) if data else 0)
    blobs = wkb if wkb is not None else np.full(count, None, dtype=object)
    geometry, damaged, closed = _from_wkb(blobs)
    surfaces = _take_footprints(blobs, geometry, damaged)
    kinds = [str(t) for t in meta["dtypes"]]
    return Records(
        [str(name) for name in meta["fields"]],
        [_plain(column, kind) for column, kind in zip(data, kinds, strict=True)],
        geometry,
        damaged,
        list(range(1, count + 1)),
        named_crs(meta["crs"]),
        [],
        surfaces=surfaces,
        closed=closed,
    )


def _with_uncounted(
    path: Path, layer: str, last: int, wkb: NDArray[np.object_], data: Sequence[NDArray[Any]]
) -> tuple[NDArray[np.object_], Sequence[NDArray[Any]]]:
    """Return what was read and what stands behind it: GDAL stops where the file says it ends."""
    import pyogrio.raw

    fid = str(pyogrio.read_info(path, layer=layer, encoding=_DIALECT)["fid_column"]).replace('"', '""')
    _, _, more, values = pyogrio.raw.read(
        path, layer=layer, datetime_as_string=True, encoding=_DIALECT, where=f'"{fid}" > {last}'
    )
    if not len(more):
        return wkb, data
    pairs = zip(data, values, strict=True)
    return np.concatenate([wkb, more]), [np.concatenate(pair) for pair in pairs]


def _take_footprints(
    blobs: NDArray[np.object_], geometry: NDArray[np.object_], damaged: NDArray[np.bool_]
) -> tuple[int, ...]:
    """Take the footprint of what could not be read because it is a surface in space; return the records."""
    from gis.exchange.surfaces import footprint

    found = []
    for i in np.flatnonzero(damaged).tolist():
        geometry[i] = footprint(bytes(blobs[i]))
        if geometry[i] is not None:
            damaged[i] = False
            found.append(i + 1)
    return tuple(found)


def _one_by_one(path: Path, layer: str) -> Records:
    import fiona
    from fiona._err import CPLE_BaseError
    from fiona.errors import FionaError

    try:
        with fiona.open(path, layer=layer, encoding=_DIALECT) as source:
            names = list(source.schema["properties"])
            crs, told = named_crs(source.crs_wkt), source.driver in _OTHER_TEXT  # before damage can be met
            numbers, rows, shapes, lost = [], [], [], []
            for number, record in _each(source):
                if isinstance(record, Exception):
                    lost.append(_lost(number, record))
                    continue
                numbers.append(number)
                rows.append([plain_value(record["properties"].get(name)) for name in names])
                shapes.append(_shape(record["geometry"]))
    except (FionaError, CPLE_BaseError, ValueError, SystemError) as error:
        # names that are no text, layers that are none, complaints that fiona cannot decode
        raise cannot_open(path, str(error)) from None
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = [s if isinstance(s, shapely.Geometry) else None for s in shapes]
    damaged = np.array([s is False for s in shapes], dtype=bool)
    columns: list[Sequence[Value]] = [[row[i] for row in rows] for i in range(len(names))]
    if not told:
        names = [_as_stored(name) for name in names]
        columns = [[_as_stored(v) if isinstance(v, str) else v for v in column] for column in columns]
    return Records(names, columns, geometry, damaged, numbers, crs, lost)


def _as_stored(text: str) -> str:
    """Return text as `read_layer` does: one character a byte of UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode(_DIALECT)


def _each(source: Any) -> Iterator[tuple[int, Any]]:
    """Yield every record, or the exception in its place; stop when nothing but errors comes."""
    from fiona.errors import FionaError

    reader = iter(source)
    number = failures = 0
    while failures < 100:
        number += 1
        try:
            yield number, next(reader)
            failures = 0
        except StopIteration:
            return
        except (FionaError, UnicodeDecodeError, ValueError, OverflowError, SystemError) as error:
            failures += 1
            yield number, error


def _shape(geometry: Any) -> shapely.Geometry | bool | None:
    """Return the geometry, None if there is none, False if it is damaged."""
    if geometry is None:
        return None
    try:
        return shapely.geometry.shape(geometry)
    except (ValueError, TypeError, KeyError, shapely.errors.ShapelyError):
        return False


def _from_wkb(
    blobs: NDArray[np.object_],
) -> tuple[NDArray[np.object_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return the geometries; where there is none though there are bytes; and where an outline was closed."""
    closed = np.zeros(len(blobs), dtype=bool)
    try:
        return np.asarray(shapely.from_wkb(blobs), dtype=object).reshape(len(blobs)), closed, closed
    except shapely.errors.ShapelyError:
        geometry = shapely.from_wkb(blobs, on_invalid="fix")
        closed = shapely.is_missing(shapely.from_wkb(blobs, on_invalid="ignore")) & ~shapely.is_missing(
            geometry
        )
    given = np.array([blob is not None for blob in blobs], dtype=bool)
    return geometry, given & shapely.is_missing(geometry), closed


def _plain(column: NDArray[Any], kind: str) -> list[Value]:
    values: list[Any] = column.tolist()
    whole, truth = kind.startswith(("int", "uint")), kind.startswith("bool")
    if set(map(type, values)) <= _AS_THEY_ARE and not truth:
        return values
    if not whole and not truth and column.dtype.kind == "f" and np.isfinite(column).all():
        return values
    values = [plain_value(v) for v in values]
    if whole:  # numbers with gaps arrive as floats
        return [int(v) if isinstance(v, float) else v for v in values]
    return [bool(v) if v is not None and truth else v for v in values]


def plain_value(value: Any) -> Value:
    """Return an attribute as text, number, truth value or None; not-a-number is None."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    return str(value)


def missing_records(behind: int, count: int, words: Text) -> list[Finding]:
    """Return a finding for each record that is missing behind others, the first ten thousand of them."""
    numbers = range(behind + 1, behind + min(count, _MOST_TOLD) + 1)
    return [Finding("import.record-unreadable", words, "error", record=number) for number in numbers]


def _lost(number: int, error: Exception) -> Finding:
    words = Text("此记录无法读取，未导入：{why}", "this record cannot be read; left out: {why}")
    return Finding("import.record-unreadable", words.format(why=str(error)[:120]), "error", record=number)
