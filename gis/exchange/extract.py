"""What of a plan goes out: some layers, features and fields, in a coordinate system of one's choice."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely

from gis.crs import check_conversion, metric_crs, transform
from gis.crs_names import BD09, GCJ02, WGS84, crs_title, parse_crs
from gis.progress import Progress
from gis.render.display import shown_layers
from layers.changes import Key
from layers.errors import CrsError, NotFoundError, UsageError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from layers.text import Text

SHIFTED: Final = (GCJ02, BD09)
"""The systems of online maps: numbers in them look like WGS 84 and lie hundreds of metres beside it."""

_DEGREES: Final = (".geojson", ".json")
_WGS84_ONLY: Final = (".kml", ".kmz", ".gpx")
_METRIC: Final = (".dxf",)
_TABLES: Final = (".csv", ".xlsx")
_FOLDER: Final = Text("这个文件夹", "This folder")
_PREPARING: Final = Text("正在准备数据", "Preparing the data")


@dataclass(frozen=True)
class Extract:
    """A part of a plan that somebody wants.

    Parameters
    ----------
    layers : tuple of str, optional
        Layer ids; all if not given.
    keys : frozenset of (layer id, feature id), optional
        Only these features.
    shown : bool
        Only layers that are shown, each with the features that its filter lets through.
    without : mapping of str to collection of str
        Names of fields that stay, by layer id.
    crs : str, optional
        As `gis.crs_names.parse_crs` takes it; that of the plan, or of the format, if not given.
    """

    layers: tuple[str, ...] | None = None
    keys: frozenset[Key] | None = None
    shown: bool = False
    without: Mapping[str, Collection[str]] = field(default_factory=dict)
    crs: str | None = None


def extracted(
    snapshot: Snapshot, wish: Extract, ending: str = "", progress: Progress | None = None
) -> Snapshot:
    """Return the plan as it is to be written; nothing in a project is ever made of it.

    Parameters
    ----------
    snapshot : Snapshot
    wish : Extract
    ending : str
        Of the file, ``.dxf``; some formats prescribe a system. Empty for a folder of several formats.
    progress : Progress, optional

    Raises
    ------
    NotFoundError
        If a layer does not exist.
    UsageError
        If a field does not exist, or the format cannot be in that system.
    CrsError
        If there is no such system, or the way to it would be guesswork.
    """
    progress = progress or Progress()
    crs = file_crs(ending, wish.crs, snapshot.crs)
    names = _known(snapshot, wish)
    shown = {layer.id: layer for layer in shown_layers(snapshot.layers.values())} if wish.shown else None
    layers = {}
    for at, name in enumerate(names):
        progress.step(at / len(names), _PREPARING)
        layer = snapshot.layers[name] if shown is None else shown.get(name)
        if layer is None:
            continue
        if wish.keys is not None:
            rows = layer.table.indices_of(uid for home, uid in wish.keys if home == name)
            layer = layer.with_table(layer.table.where(rows))
        if left := set(wish.without.get(name, ())):
            layer = layer_with(layer, {f.name for f in layer.fields} - left)
        layers[name] = layer if crs == snapshot.crs else _moved(layer, snapshot.crs, crs)
    return replace(snapshot, layers=layers, crs=crs)


def file_crs(ending: str, wanted: str | None, plan_crs: str) -> str:
    """Return the system that a file gets its numbers from; the plan's own where a format prescribes WGS 84.

    Raises
    ------
    UsageError
        If the format cannot be in the wanted one.
    CrsError
        If there is no such system, or a drawing would not be in metres.

    Examples
    --------
    >>> file_crs(".gpkg", "4490", "EPSG:4548"), file_crs(".kml", None, "EPSG:4548")
    ('EPSG:4490', 'EPSG:4548')
    """
    if not wanted or not wanted.strip():
        return plan_crs
    crs = parse_crs(wanted)
    if ending in _WGS84_ONLY or ending in _DEGREES:
        allowed = (WGS84,) if ending in _WGS84_ONLY else (WGS84, *SHIFTED)
        if crs not in allowed:
            words = Text("{e} 的坐标只能是 {c}。", "{e} can only be in {c}.")
            raise UsageError(
                words.format(e=ending[1:].upper(), c=" / ".join(map(crs_title, allowed))), code="export.crs"
            )
        return plan_crs if crs == WGS84 else crs
    if crs in SHIFTED and ending not in _TABLES:
        raise UsageError(
            Text("{e} 文件里无法注明 {c}，会被当成真实位置。", "{e} cannot say that it is in {c}.").format(
                e=ending[1:].upper() or _FOLDER, c=crs
            ),
            Text("请用 GeoJSON、CSV 或 Excel。", "Use GeoJSON, CSV or Excel."),
            code="export.crs",
        )
    if crs != plan_crs:
        check_conversion(plan_crs, crs)
    return metric_crs(crs) if ending in _METRIC or not ending else crs


def layer_with(layer: Layer, kept: Collection[str]) -> Layer:
    """Return a layer with some of its fields; names of features are made of what is left."""
    fields = tuple(f for f in layer.fields if f.name in kept)
    template = layer.kind.name_template
    for one in layer.fields:
        template = template if one.name in kept else template.replace("{" + one.name + "}", "")
    number = layer.kind.number_field if layer.kind.number_field in kept else None
    kind = replace(layer.kind, fields=fields, name_template=template, number_field=number)
    columns = {f.name: layer.table.columns[f.name] for f in fields}
    table = Table(layer.table.uids, layer.table.geometry, columns, layer.table.ancestors)
    return replace(layer, kind=kind, table=table)


def _known(snapshot: Snapshot, wish: Extract) -> list[str]:
    """Return the layers that are meant, bottom to top; what is not there is said."""
    for name in (*(wish.layers or ()), *wish.without):
        if name not in snapshot.layers:
            raise NotFoundError(
                Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=name),
                Text("现有图层：{names}", "Layers: {names}").format(names=", ".join(snapshot.layers)),
                code="layer.unknown",
            )
    for name, fields in wish.without.items():
        there = [f.name for f in snapshot.layers[name].fields]
        for one in fields:
            if one not in there:
                raise UsageError(
                    Text("图层没有字段“{name}”。", "The layer has no field “{name}”.").format(name=one),
                    Text("可选：{names}", "There are: {names}").format(names=", ".join(there)),
                    code="export.field",
                )
    return [name for name in snapshot.layers if wish.layers is None or name in wish.layers]


def _moved(layer: Layer, source: str, target: str) -> Layer:
    shapes = transform(np.asarray(layer.table.geometry), source, target)
    there = shapes[~shapely.is_missing(shapes)]
    if len(there) and not np.isfinite(shapely.get_coordinates(there)).all():
        words = Text("图层“{l}”的位置无法用“{c}”表示。", "Layer “{l}” has no place in “{c}”.")
        raise CrsError(words.format(l=layer.title, c=crs_title(target)), code="crs.elsewhere")
    table = layer.table
    return layer.with_table(Table(table.uids, shapes, table.columns, table.ancestors))
