"""A comparison as rows, and as a file: .xlsx, .csv or .geojson."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from gis.crs import transform
from gis.crs_names import WGS84
from gis.privacy import Masks
from gis.revisions.comparison import KIND_WORDS, ChangeGroup, Comparison, FeatureChange, Quantity
from gis.revisions.sheet_masking import INTERNAL, masked_id
from gis.revisions.sheet_writing import write_sheets, written_beside
from gis.revisions.sheets import Cell, Column, Sheet
from layers.errors import UsageError
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Language, Text, same

ENDINGS: Final = (".xlsx", ".csv", ".geojson")

_DECIMALS: Final = 9
"""Of degrees: a tenth of a millimetre."""

_WORDS: Final = ("text", "long_text", "photos")

_CHANGE_COLUMNS: Final = (
    Column(Text("编号", "Number"), 11),
    Column(Text("变更内容", "Change"), 30),
    Column(Text("类型", "Kind"), 9),
    Column(Text("图层", "Layer"), 16),
    Column(Text("对象", "Object"), 24),
    Column(Text("属性变化", "Attributes"), 40),
    Column(Text("移动距离 (m)", "Moved (m)"), 11, "number"),
    Column(Text("移动方向 (°)", "Towards (°)"), 11, "whole"),
    Column(Text("面积变化 (m²)", "Area change (m²)"), 13, "number"),
    Column(Text("长度变化 (m)", "Length change (m)"), 13, "number"),
    Column(Text("回应", "Answers"), 14),
    Column(Text("修改理由", "Reasons"), 40),
    Column(Text("东 E (m)", "East (m)"), 13, "number"),
    Column(Text("北 N (m)", "North (m)"), 14, "number"),
    Column(Text("标识", "Id"), 34, "id"),
)


_Tells: TypeAlias = Callable[[Field], bool]
"""Whether the values of a field stand in the table."""


def _tells_everything(_: Field) -> bool:
    return True


def _tells_no_private_words(field: Field) -> bool:
    """Tell a diameter, but not what was noted about whoever lives there."""
    return field.public or field.type not in _WORDS


def _tells_public(field: Field) -> bool:
    return field.public


def change_sheets(comparison: Comparison, *, internal: bool) -> tuple[Sheet, ...]:
    """Return all changes, the quantities, and the layers that look different if there are any, as sheets.

    One row a change in the order of their numbers, then those without a place,
    then problem spots and comments, of which only public fields are told;
    unless it is `internal`, words of private fields are not told of anything.
    """
    sheets = _changes(comparison, internal=internal), _quantities(comparison)
    return (*sheets, _looks(comparison)) if comparison.restyled else sheets


def write_changes(
    comparison: Comparison, snapshot: Snapshot, out: Path, language: Language, masks: Masks | None
) -> tuple[Path, ...]:
    """Write a comparison to a file of the kind that its ending says.

    Parameters
    ----------
    comparison : Comparison
    snapshot : Snapshot
        Either state: where the CRS is read.
    out : Path
        ``.xlsx`` with two or three sheets; ``.csv``, ``OUT_quantities.csv`` and ``OUT_looks.csv``;
        ``.geojson`` in WGS 84 with the changes and the clouds. Replaced if it is there.
    language : {"zh", "en"}
    masks : Masks or None
        As for `write_sheets`. With masks, words of private fields (notes, what an import brought along) are
        counted and not told; None is for the office itself.

    Raises
    ------
    UsageError
        If the ending is another.
    StorageError
        If the disk refuses; an older file is still there then.
    """
    ending = out.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(
            Text("不能写成“{end}”。", "“{end}” cannot be written.").format(end=ending or out.name),
            Text("可用：{ends}", "There are {ends}").format(ends=" ".join(ENDINGS)),
            code="usage.ending",
        )
    if ending == ".geojson":
        with written_beside(out) as beside:
            _write_geojson(comparison, snapshot.crs, beside, language, masks)
        return (out,)
    return write_sheets(change_sheets(comparison, internal=masks is None), out, language, masks)


def attributes_told(change: FeatureChange, tells: _Tells) -> Text:
    """Say which attributes changed: ``层数：6 → 5；用途：住宅 → 商业``, and how many others did."""
    fields = [f for f in change.fields if tells(f.field)]
    pairs = [(f.field.title, f.field.word(f.before), f.field.word(f.after)) for f in fields]
    zh = "；".join(f"{title.zh}：{old.zh or '–'} → {new.zh or '–'}" for title, old, new in pairs)
    en = "; ".join(f"{title.en}: {old.en or '–'} → {new.en or '–'}" for title, old, new in pairs)
    if kept := len(change.fields) - len(fields):
        zh += ("；" if zh else "") + f"另有 {kept} 项不公开"
        en += ("; " if en else "") + f"{kept} private"
    return Text(zh, en)


def _changes(comparison: Comparison, *, internal: bool) -> Sheet:
    tells = _tells_everything if internal else _tells_no_private_words
    rows = [_row(change, group, tells) for change, group in _numbered(comparison)]
    rows += [_row(change, None, _tells_public) for change in comparison.spot_changes]
    title = Text(f"变更 {comparison.before}→{comparison.after}", f"{comparison.before} to {comparison.after}")
    return Sheet("changes", title, _CHANGE_COLUMNS, tuple(rows))


def _numbered(comparison: Comparison) -> Iterator[tuple[FeatureChange, ChangeGroup | None]]:
    grouped = {change.key for group in comparison.groups for change in group.changes}
    yield from ((change, group) for group in comparison.groups for change in group.changes)
    yield from ((change, None) for change in comparison.changes if change.key not in grouped)


def _row(change: FeatureChange, group: ChangeGroup | None, tells: _Tells) -> tuple[Cell, ...]:
    place = _middle(change.geometry)
    moved = change.kind == "moved"
    return (
        group.label if group else None,
        group.title if group else None,
        KIND_WORDS[change.kind],
        change.layer_title,
        change.name,
        attributes_told(change, tells),
        round(change.distance_m, 3) if moved else None,
        round(change.bearing_deg) if moved else None,
        round(change.area_change_m2, 1) or None,
        round(change.length_change_m, 1) or None,
        ", ".join(change.reason.answers),
        _reasons(change, group),
        place and round(place[0], 3),
        place and round(place[1], 3),
        change.uid,
    )


def _reasons(change: FeatureChange, group: ChangeGroup | None) -> Text:
    """Return the reasons of the whole number: a lawn that gives way is explained by the bay beside it."""
    if group is None:
        return same(change.reason.word_text)
    return Text("；".join(r.zh for r in group.reasons), "; ".join(r.en for r in group.reasons))


def _middle(geometry: Geometry | None) -> tuple[float, float] | None:
    point = None if geometry is None else shapely.point_on_surface(geometry)
    return None if point is None or point.is_empty else (point.x, point.y)


def _quantities(comparison: Comparison) -> Sheet:
    columns = (
        Column(Text("数量", "Quantity"), 26),
        Column(Text("单位", "Unit"), 8),
        Column(same(comparison.before), 14, "number"),
        Column(same(comparison.after), 14, "number"),
        Column(Text("增减", "Change"), 14, "number"),
    )
    rows = [_quantity_row(q) for q in comparison.quantities]
    return Sheet("quantities", Text("数量对照", "Quantities"), columns, tuple(rows))


def _looks(comparison: Comparison) -> Sheet:
    columns = (
        Column(Text("图层", "Layer"), 20),
        Column(Text("项目", "What"), 24),
        Column(same(comparison.before), 30),
        Column(same(comparison.after), 30),
    )
    rows = [(one.title, f.title, f.before, f.after) for one in comparison.restyled for f in one.facets]
    return Sheet("looks", Text("图层外观", "Looks of layers"), columns, tuple(rows))


def _quantity_row(quantity: Quantity) -> tuple[Cell, ...]:
    digits = max(quantity.decimals, 1)
    before, after = round(quantity.before, digits), round(quantity.after, digits)
    return quantity.title, quantity.unit, before, after, round(after - before, digits)


def _write_geojson(
    comparison: Comparison, crs: str, path: Path, language: Language, masks: Masks | None
) -> None:
    tells = _tells_everything if masks is None else _tells_no_private_words
    members = [_change_member(c, group, language, tells) for c, group in _numbered(comparison)]
    members += [_change_member(c, None, language, _tells_public) for c in comparison.spot_changes]
    members += [_cloud_member(group, language) for group in comparison.groups]
    shapes = np.empty(len(members), dtype=object)
    shapes[:] = [shape for shape, _ in members]
    lonlat = _lonlat(shapes, crs)
    with path.open("w", encoding="utf-8", newline="\n", errors="replace") as stream:
        about = _masked({"name": f"{comparison.before} → {comparison.after}"}, masks)
        about |= {} if masks is not None else {"notice": INTERNAL.in_language(language)}
        stream.write('{"type": "FeatureCollection",\n' + json.dumps(about, ensure_ascii=False)[1:-1] + ",")
        stream.write('\n"features": [')
        for i, (shape, (_, properties)) in enumerate(zip(lonlat, members, strict=True)):
            geometry = None if shape is None else json.loads(shapely.to_geojson(shape))
            feature = {"type": "Feature", "geometry": geometry, "properties": _masked(properties, masks)}
            stream.write((",\n" if i else "\n") + json.dumps(feature, ensure_ascii=False, allow_nan=False))
        stream.write("\n]}\n")


def _lonlat(shapes: NDArray[np.object_], crs: str) -> NDArray[np.object_]:
    if not len(shapes):
        return shapes
    lonlat = shapely.transform(transform(shapes, crs, WGS84), lambda xy: np.round(xy, _DECIMALS))
    turned: NDArray[np.object_] = shapely.orient_polygons(lonlat, exterior_cw=False)
    return turned


def _change_member(
    change: FeatureChange, group: ChangeGroup | None, language: Language, tells: _Tells
) -> tuple[Geometry | None, dict[str, Any]]:
    values = {
        "what": "change",
        "number": group.label if group else None,
        "kind": change.kind,
        "layer": change.layer,
        "name": change.name.in_language(language),
        "attributes": attributes_told(change, tells).in_language(language),
        "distance_m": round(change.distance_m, 3) if change.kind == "moved" else None,
        "bearing_deg": round(change.bearing_deg, 1) if change.kind == "moved" else None,
        "area_change_m2": round(change.area_change_m2, 2) or None,
        "length_change_m": round(change.length_change_m, 2) or None,
        "answers": change.reason.code_text,
        "reasons": _reasons(change, group).in_language(language),
        "uid": change.uid,
    }
    return change.geometry, _filled(values)


def _cloud_member(group: ChangeGroup, language: Language) -> tuple[Geometry, dict[str, Any]]:
    values = {
        "what": "cloud",
        "number": group.label,
        "name": group.title.in_language(language),
        "answers": ",".join(group.answers),
        "reasons": "; ".join(r.in_language(language) for r in group.reasons),
    }
    return group.cloud, _filled(values)


def _masked(values: dict[str, Any], masks: Masks | None) -> dict[str, Any]:
    if masks is None:
        return values
    words = {name: value for name, value in values.items() if isinstance(value, str)}
    clean = {n: masked_id(v, masks) if n == "uid" else masks.word(v) for n, v in words.items()}
    return values | clean


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in (None, "")}
