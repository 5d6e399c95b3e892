"""Reading a foreign file into plain columns, its coordinate system checked."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import Bounds
from gis.crs_candidates import PLAIN, Reading
from gis.crs_names import crs_title, is_geographic, parse_crs
from gis.crs_numbers import check_numbers, guess_advice, guess_crs
from gis.exchange.asking import ask_child, existing_file
from gis.exchange.doubts import doubts_of
from gis.exchange.packed_shapes import PackedShapes
from gis.exchange.raw import RawTable, read_table
from gis.exchange.strays import are_strays, without_strays
from gis.georeference import ControlPoint, Fit, fit_findings
from gis.progress import Progress
from layers.column import Column
from layers.errors import BadInputError, CrsError, Finding
from layers.packed_shapes import pack_shapes
from layers.schema import Value
from layers.table import Values
from layers.text import Text

_AROUND_M: Final = 3000.0
_LOCAL_M: Final = 100_000.0
_BY_PLACE: Final = Text(
    "文件没有标明坐标系；坐标落在本项目范围内，按项目坐标系“{crs}”读取",
    "the file names no CRS; its coordinates lie at this project, so it is read in the project's “{crs}”",
)


TABLES: Final = ("CSV", "Excel", "Excel 97", "Excel XML", "OpenDocument", "HTML")
"""Formats whose records are known by the rows of a sheet."""


class Ground(NamedTuple):
    """How the coordinates of a file come onto the ground, by control points."""

    crs: str
    fit: Fit
    points: tuple[ControlPoint, ...] = ()


class Near(NamedTuple):
    """Where the project is, so that a file without a CRS can be known by its place."""

    crs: str
    extent: Bounds


@dataclass(frozen=True)
class Counts:
    """Where the records of a file went.

    Parameters
    ----------
    read : int
        Records in the file.
    usable : int
        With a geometry, repaired or not.
    repaired : int
        Of those, with a repaired geometry.
    set_aside : int
        Without a usable geometry, or not readable. ``usable + set_aside == read``.
    """

    read: int
    usable: int
    repaired: int
    set_aside: int


@dataclass(frozen=True)
class Source:
    """One layer of a foreign file, as it stands there.

    Parameters
    ----------
    path : Path
    format, layer : str
    columns : mapping of str to list of Value, each of length n
    geometry : Column of shapely.Geometry or None, shape (n,)
        In `crs`; valid and two-dimensional, None where there is none to use.
    records : sequence of int, length n
        Record numbers in the file; the first is 1.
    ids : tuple of str or None, length n
        Identities the format itself carries.
    crs : str
        Canonical name (`gis.crs_names.parse_crs`); GCJ-02 and BD-09 are possible.
    encoding : str
    encoding_evidence : Text
    findings : tuple of Finding
    counts : Counts
    repaired : frozenset of int
        Record numbers.
    shaped : bool
        Whether the file has places at all. A table without is joined to what is there.
    """

    path: Path
    format: str
    layer: str
    columns: Mapping[str, Sequence[Value]]
    geometry: Column
    records: Sequence[int]
    ids: tuple[str | None, ...]
    crs: str
    encoding: str
    encoding_evidence: Text
    findings: tuple[Finding, ...]
    counts: Counts
    repaired: frozenset[int]
    shaped: bool = True

    @property
    def by_rows(self) -> bool:
        """Whether the number of a record is that of its row in a sheet."""
        return self.format in TABLES


@dataclass(frozen=True)
class Unplaced:
    """One layer of a foreign file whose coordinates are as they stand there; where it lies is open.

    Parameters
    ----------
    path : Path
    table : RawTable
        Without its geometry.
    geometry : array of shapely.Geometry or None, shape (n,)
    """

    path: Path
    table: RawTable
    geometry: NDArray[np.object_]

    @property
    def bounds(self) -> Bounds | None:
        """The box around the numbers of the file, but for strays; None for a table without places."""
        if not self.table.shaped:
            return None
        return bounds_of(self.geometry[~are_strays(self.geometry)])

    @property
    def declared(self) -> str | None:
        """The CRS that the file names, or None; also if nobody knows what it names."""
        try:
            return parse_crs(self.table.crs) if self.table.crs else None
        except CrsError:
            return None

    def placed(
        self,
        crs: str | None = None,
        near: Near | None = None,
        ground: Ground | None = None,
        reading: Reading = PLAIN,
    ) -> Source:
        """Return the layer with its coordinate system settled; the parameters are those of `read_source`.

        Raises
        ------
        CrsError
            If no coordinate system is known, or the numbers contradict it.
        """
        table, geometry, findings = self.table, read_as(self.geometry, reading), [*self.table.findings]
        if not table.shaped:
            chosen = ""
        elif ground is not None:
            chosen = ground.crs
            geometry = shapely.transform(geometry, ground.fit.apply)
            findings += fit_findings(ground.fit)
        else:
            chosen = _crs(self, geometry, crs, near, findings)
        if chosen:
            geometry = without_strays(geometry, table.records, is_geographic(chosen), findings)
        findings += doubts_of(geometry, table, is_geographic(chosen) if chosen else False)
        usable = int((~shapely.is_missing(geometry)).sum()) if table.shaped else len(geometry)
        return Source(
            path=self.path,
            format=table.format,
            layer=table.layer,
            columns=table.columns,
            geometry=Column.of(geometry, pack_shapes),
            records=table.records,
            ids=tuple(table.ids),
            crs=chosen,
            encoding=table.encoding,
            encoding_evidence=table.encoding_evidence,
            findings=tuple(f if f.file else _placed(f, self.path.name) for f in findings),
            counts=Counts(table.read, usable, len(table.repaired), table.read - usable),
            repaired=frozenset(table.repaired),
            shaped=table.shaped,
        )


def read_as(geometry: NDArray[np.object_], reading: Reading) -> NDArray[np.object_]:
    """Return geometries whose numbers were read another way: axes exchanged, in another unit."""
    if reading == PLAIN:
        return geometry
    order = [1, 0] if reading.swapped else [0, 1]
    moved: NDArray[np.object_] = shapely.transform(geometry, lambda xy: xy[:, order] * reading.unit_m)
    return moved


def read_source(
    path: Path,
    *,
    source_layer: str | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    preferred: Sequence[str] = (),
    near: Near | None = None,
    ground: Ground | None = None,
    reading: Reading = PLAIN,
    progress: Progress | None = None,
) -> Source:
    """Read one layer of a foreign file of any format, and settle where it lies.

    Parameters
    ----------
    path : Path
        A file that is never written to and never opened in this process.
    source_layer : str, optional
        Which layer, folder, sheet or file of an archive; not needed if only one has content.
    encoding : str, optional
        Of the text of a shapefile or table; found from the bytes if not given.
    crs : str, optional
        What the user says; stronger than what the file says.
    preferred : sequence of str
        Layer names to take if the file has several.
    near : Near, optional
        Where the project is: a file that names no CRS but lies there is taken to be in the project's.
    ground : Ground, optional
        A fit by control points; whatever CRS the file names no longer counts.
    reading : Reading
        Whether axes are exchanged or numbers are millimetres.
    progress : Progress, optional

    Raises
    ------
    NotFoundError
        If the file or layer does not exist.
    CrsError
        If no coordinate system is known, or the numbers contradict it.
    BadInputError
        If the file cannot be understood, needs too much memory, or has no shapes.
    CancelledError
        If the user cancelled.
    """
    unplaced = read_unplaced(
        path, source_layer=source_layer, encoding=encoding, preferred=preferred, progress=progress
    )
    return unplaced.placed(crs, near, ground, reading)


def read_unplaced(
    path: Path,
    *,
    source_layer: str | None = None,
    encoding: str | None = None,
    preferred: Sequence[str] = (),
    progress: Progress | None = None,
) -> Unplaced:
    """Read one layer of a foreign file and leave open where it lies.

    Takes the parameters of `read_source`, and raises what it raises, but for `CrsError`.
    """
    progress = progress or Progress()
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        request = {
            "task": "read",
            "path": str(existing_file(path)),
            "out": str(Path(folder, "table")),
            "layer": source_layer,
            "encoding": encoding,
            "preferred": list(preferred),
        }
        ask_child(request, progress)
        return unpacked_layer(path, Path(folder, "table"))


def unpacked_layer(path: Path, packed: Path) -> Unplaced:
    """Return what the child wrote of a layer, or raise `BadInputError` if there is nothing in it."""
    table = read_table(packed)
    geometry = PackedShapes.of(table.wkb).unpacked()
    if not len(table.records) or (table.shaped and shapely.is_missing(geometry).all()):
        raise _nothing(path, table)
    table.wkb = []
    return Unplaced(path, table, geometry)


def bounds_of(geometry: Values) -> Bounds | None:
    """Return the box around all geometries, or None if there is none."""
    blocks = [b.take(None) for b in geometry.blocks] if isinstance(geometry, Column) else [geometry]
    boxes = [shapely.total_bounds(some) for some in blocks if not shapely.is_missing(some).all()]
    if not boxes:
        return None
    low, high = np.nanmin(boxes, axis=0)[:2], np.nanmax(boxes, axis=0)[2:]
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _crs(
    unplaced: Unplaced,
    geometry: NDArray[np.object_],
    said: str | None,
    near: Near | None,
    findings: list[Finding],
) -> str:
    path, table, declared = unplaced.path, unplaced.table, unplaced.declared
    bounds = bounds_of(geometry[~are_strays(geometry)])
    chosen = parse_crs(said) if said else declared
    if chosen is None and near is not None and bounds is not None and lies_at(bounds, near):
        findings.append(by_place(near.crs, path.name))
        return near.crs
    if chosen is None:
        raise _no_crs(path, bounds, (*table.findings, *_unknown_crs(table)))
    if bounds is not None:
        check_numbers(chosen, bounds)
    if said and declared and declared != chosen:
        words = Text(
            "文件标注为“{a}”，按用户指定取“{b}”", "the file says “{a}”; “{b}” was taken as the user says"
        )
        findings.append(
            Finding("import.crs-overruled", words.format(a=crs_title(declared), b=crs_title(chosen)), "info")
        )
    findings += _offset_findings(table, geometry, chosen)
    return chosen


def _unknown_crs(table: RawTable) -> list[Finding]:
    if table.crs is None:
        return []
    words = Text("看不懂文件声明的坐标系“{name}”", "the CRS it declares is not understood: “{name}”")
    return [Finding("import.crs-unknown", words.format(name=table.crs[:60]), "warning")]


def by_place(crs: str, file: str) -> Finding:
    """Return the finding that a file without a CRS was known by its place."""
    return Finding("import.crs-by-place", _BY_PLACE.format(crs=crs_title(crs)), "info", file)


def lies_at(bounds: Bounds, near: Near) -> bool:
    """Tell whether a box lies at the project; no other grid in use has such numbers there."""
    here = shapely.box(*near.extent).buffer(_AROUND_M)
    return bool(here.covers(shapely.box(*bounds))) and max(map(abs, near.extent)) > _LOCAL_M


def _nothing(path: Path, table: RawTable) -> BadInputError:
    words = Text("{file} 中没有可用的图形（{n} 条记录）。", "{file} has no usable shape ({n} records).")
    return BadInputError(
        words.format(file=path.name, n=table.read), code="import.no-shapes", findings=tuple(table.findings)
    )


def _no_crs(path: Path, bounds: Bounds | None, findings: tuple[Finding, ...]) -> CrsError:
    guess = guess_crs(bounds) if bounds else None
    return CrsError(
        Text("{file} 没有标明坐标系，未导入。", "{file} does not name its CRS; nothing was imported.").format(
            file=path.name
        ),
        guess_advice(guess) if guess else None,
        code="crs.missing",
        findings=findings,
    )


def _offset_findings(table: RawTable, geometry: NDArray[np.object_], chosen: str) -> list[Finding]:
    from gis.exchange.offset_check import offset_finding

    found = offset_finding(table, geometry) if is_geographic(chosen) else None
    return [found] if found else []


def _placed(finding: Finding, file: str) -> Finding:
    return Finding(**{**vars(finding), "file": file})
