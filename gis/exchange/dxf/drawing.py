"""A drawing as it stands in its file: every entity with its shape, before anything is made of it."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from gis.crs import Bounds
from gis.crs_names import parse_crs
from gis.exchange.asking import ask_child, existing_file
from gis.exchange.dxf.codepage import TextEncoding
from gis.exchange.dxf.pieces import MIDDLE, SPARSE
from gis.exchange.dxf.remarks import remarks
from gis.exchange.packed_shapes import PackedShapes
from gis.exchange.raw import RawTable, read_table
from gis.exchange.source import bounds_of
from gis.progress import Progress
from layers.column import Column, objects
from layers.errors import BadInputError, Finding
from layers.packed_shapes import pack_shapes
from layers.packed_values import Same, pack_values
from layers.schema import Value
from layers.text import Text

_MOST_ALIKE: Final = 20
_ALIKE: Final = Text("{words}（共 {n} 个图元，这是第一个）", "{words} ({n} entities, this is the first)")
_TAKING_OVER: Final = Text("正在接收图元", "Taking over the entities")


@dataclass(frozen=True)
class Drawing:
    """A DXF drawing, read.

    Parameters
    ----------
    path : Path
    release : str
        Such as ``"R2010"``.
    encoding : TextEncoding
        With its evidence and up to five sample texts.
    unit : str
        The unit of the file; the shapes here are in metres.
    unit_evidence : Text
    crs : str or None
        What the drawing itself names; only our own exports do.
    columns : mapping of str to Column, each of length n
        ``layer``, ``type``, ``color`` (``#rrggbb``), ``handle``; None where there is none: ``text``,
        ``block``, ``attributes`` (JSON), ``parent`` (record number of the block reference it
        belongs to), ``own`` (JSON, see `identity.Mark`), ``code``, ``z``, ``status``.
    geometry : Column of shapely.Geometry or None, shape (n,)
        Metres; closed outlines are closed lines.
    middles : Column of shapely.Point or None, shape (n,)
        Metres; of texts that do not begin where they stand.
    layers : mapping of str to bool
        Every layer of the drawing, and whether it is off or frozen.
    entities : int
        Entities of the model space; the other rows are parts of blocks.
    reader : str
        ``"ezdxf"`` or ``"GDAL"``.
    findings : tuple of Finding
    repaired : frozenset of int
        Record numbers (row + 1).
    proxies : mapping of str to int
        Objects of other programs, by class.
    """

    path: Path
    release: str
    encoding: TextEncoding
    unit: str
    unit_evidence: Text
    crs: str | None
    columns: Mapping[str, Column]
    geometry: Column
    middles: Column
    layers: Mapping[str, bool]
    entities: int
    reader: str
    findings: tuple[Finding, ...]
    repaired: frozenset[int]
    proxies: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        """Count the rows: entities and parts of blocks."""
        return len(self.geometry)

    def sparse(self, name: str) -> Column:
        """Return a column of `SPARSE`; None where there is nothing."""
        return self.columns[name]

    def text_places(self, rows: NDArray[np.intp]) -> NDArray[np.object_]:
        """Return where texts stand: their middles if they are known, else where they begin."""
        places = self.middles[rows]
        unknown = shapely.is_missing(places)
        places[unknown] = self.geometry[rows[unknown]]
        return places

    @property
    def bounds(self) -> Bounds | None:
        """The box around all shapes in metres, or None if there is none."""
        return bounds_of(self.geometry)

    @property
    def by_layer(self) -> dict[str, int]:
        """Rows of each layer of the drawing that has any."""
        return dict(Counter(self.columns["layer"]))


def read_drawing(
    path: Path,
    *,
    encoding: str | None = None,
    unit: str | None = None,
    progress: Progress | None = None,
) -> Drawing:
    """Read a DXF drawing in a child process.

    Parameters
    ----------
    path : Path
        R12 to R2018, ASCII or binary; never written to.
    encoding : str, optional
        Of its text; found from the bytes if not given.
    unit : str, optional
        One of `gis.exchange.dxf.units.METRES`; found from header and numbers if not given.
    progress : Progress, optional

    Raises
    ------
    NotFoundError
        If there is no such file.
    BadInputError
        If it is no drawing, is damaged beyond reading, or needs too much memory.
    UsageError
        If there is no such encoding or unit.
    CancelledError
        If the user cancelled.
    """
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        out = Path(folder, "table")
        request = {
            "task": "drawing", "path": str(existing_file(path)), "out": str(out),
            "encoding": encoding, "unit": unit,
        }  # fmt: skip
        progress = progress or Progress()
        told = ask_child(request, progress.part(0.0, 0.8))["drawing"]
        progress.step(0.8, _TAKING_OVER)
        table = read_table(out)
    progress.step(0.85, _TAKING_OVER)
    return drawing_of(path, table, told)


def drawing_of(path: Path, table: RawTable, told: dict[str, Any]) -> Drawing:
    """Return the drawing that `gis.exchange.dxf.reading.read` found.

    Raises
    ------
    BadInputError
        If there is nothing in its model space.
    """
    if not table.records:
        words = Text("{file} 的模型空间没有图形。", "{file} has nothing in its model space.")
        raise BadInputError(words.format(file=path.name), _instead(told), code="import.no-shapes")
    evidence = Text(*told["encoding"].pop("evidence"))
    samples = tuple(told["encoding"].pop("samples"))
    encoding = TextEncoding(**told["encoding"], evidence=evidence, samples=samples)
    unit_evidence = Text(*told["unit_evidence"])
    geometry = PackedShapes.of(table.wkb).column()
    nothing = Column([Same(None, len(geometry))])
    columns = {name: _column(values) for name, values in table.columns.items() if name != MIDDLE}
    crs = told["record"].get("crs")
    return Drawing(
        path=path,
        release=told["release"],
        encoding=encoding,
        unit=told["unit"],
        unit_evidence=unit_evidence,
        crs=parse_crs(crs) if crs else None,
        columns={**dict.fromkeys(SPARSE, nothing), **columns},
        geometry=geometry,
        middles=_middles(table.columns[MIDDLE]) if MIDDLE in table.columns else nothing,
        layers=told["layers"],
        entities=told["entities"],
        reader=told["reader"],
        findings=(*remarks(path.name, table, told, encoding, unit_evidence), *_named(table, path.name)),
        repaired=frozenset(table.repaired),
        proxies=told["proxies"],
    )


def _column(values: Sequence[Value]) -> Column:
    return Column.packed(objects(list(values)), pack_values)


def _middles(places: Sequence[Any]) -> Column:
    points = [None if place is None else shapely.Point(place) for place in places]
    return Column.packed(objects(points), pack_shapes)


def _instead(told: dict[str, Any]) -> Text:
    """Return where the things of a drawing may be whose model space is empty, and what to do."""
    if told["paper"]:
        return Text(
            "图纸空间（布局）中有 {n} 个对象：请在 CAD 中把它们移到模型空间（CHSPACE 命令），重存后再导入。",
            "Its paper space holds {n} objects: move them to the model space in CAD (command CHSPACE), "
            "save it and import it again.",
        ).format(n=told["paper"])
    if told["blocks"]:
        return Text(
            "图中只有 {n} 个图块定义，没有插入：请在 CAD 中插入图块，重存后再导入。",
            "It only defines {n} blocks and places none: insert them in CAD, save it and import it again.",
        ).format(n=told["blocks"])
    return Text("请向发图方核对是否发错了文件。", "Ask the sender whether it is the right file.")


def _named(table: RawTable, file: str) -> list[Finding]:
    """Return what is said of single rows, by their handles; one and the same of many rows is said once."""
    handles = table.columns["handle"]
    times = Counter(finding.message for finding in table.findings)
    told: dict[Text | Finding, Finding] = {}
    for found in table.findings:
        several = times[found.message] > _MOST_ALIKE
        message = _ALIKE.format(words=found.message, n=times[found.message]) if several else found.message
        record = named_record(found.record, handles)
        named = replace(found, file=file, record=record, message=message)
        told.setdefault(found.message if several else named, named)
    return list(told.values())


def named_record(record: int | str | None, handles: Sequence[Value] | Column) -> int | str | None:
    """Return what a designer finds an entity by: its handle, or its number in the drawing."""
    if not isinstance(record, int) or not 0 < record <= len(handles):
        return record
    return f"#{handles[record - 1]}" if handles[record - 1] else record
