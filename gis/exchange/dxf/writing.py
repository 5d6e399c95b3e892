"""Writing layers as a drawing for CAD: 1:1 in metres, every vertex as it is, ids on every entity."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from gis.exchange.dxf.cad_codes import CASS_CODES
from gis.exchange.dxf.cad_layers import EDGES, FILL, LETTERS, CadLayers
from gis.exchange.dxf.cad_symbols import CadSymbols, size_m
from gis.exchange.dxf.identity import APP, Mark, tags_of, write_record
from gis.exchange.dxf.lettering import Lettering, letterings
from gis.exchange.dxf.pieces import BY_LAYER
from gis.exchange.feature_look import Look
from gis.exchange.written import Told, Writer, Written
from layers.errors import Finding, UsageError
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Fill, Hatch, Stroke
from layers.text import Text

_ENCODINGS: Final = {"R2000": "gbk", "R2004": "gbk", "R2007": "utf-8", "R2010": "utf-8", "R2013": "utf-8",
                     "R2018": "utf-8"}  # fmt: skip
_PATTERNS: Final = {"diagonal": "ANSI31", "cross": "ANSI37", "wave": "ANSI31", "dots": "ANSI37"}
_PATTERN_STEP: Final = 3.175
_STYLE: Final = "PLANBOARD"
_FONT: Final = ("simsun.ttc", "SimSun")
_FAINT: Final = 0.5
_PASSES: Final = 6
"""Three for making the entities; writing them takes as long again."""
_ASK_EVERY: Final = 200
_BEGINS: Final = "  0\n"
"""How each entity begins in a file."""
_SAVING: Final = Text("正在写文件", "Writing")
_MOST_SCALE: Final = 100_000
_MOST_MARKS: Final = 32_767
_NO_SHAPE: Final = Text(
    "{n} 个对象没有图形，无法写入 DXF", "{n} features without a shape do not fit a drawing"
)
_MANY_PARTS: Final = Text(
    "组成部分过多，再次导入时无法认出", "it has too many parts to be recognised when it comes back"
)


@dataclass(frozen=True)
class DxfOptions:
    """How a drawing is written.

    Parameters
    ----------
    version : str
        R2000 or R2004 (GBK text), R2007, R2010, R2013 or R2018 (UTF-8).
    encoding : str, optional
        Only to be said out loud; each version has one that CAD programs read.
    scale : int
        Denominator at which it is to be plotted: texts, symbols, dashes and hatches are as large as the
        style says on that paper. Shapes are 1:1 whatever it is.
    names : str
        ``"titles"``: CAD layers are called as in the plan; ``"cass"``: by the codes of 南方CASS where it
        has one.
    """

    version: str = "R2010"
    encoding: str | None = None
    scale: int = 500
    names: str = "titles"

    def check(self) -> None:
        """Raise `UsageError` for what no drawing can be."""
        self.codec()
        if not 1 <= self.scale <= _MOST_SCALE:
            raise _refused_scale(self.scale)
        if self.names not in ("titles", "cass"):
            words = Text("图层名只能是 titles 或 cass。", "Layers are named by titles or cass.")
            raise UsageError(words, code="export.dxf-names")

    def codec(self) -> str:
        """Return the encoding, or raise `UsageError` for a version or a pair that CAD would not read."""
        codec = _ENCODINGS.get(self.version.upper())
        if codec is None:
            raise UsageError(
                Text("不能写 DXF 版本“{v}”。", "DXF version “{v}” cannot be written.").format(
                    v=self.version[:20]
                ),
                Text("可用：{names}", "There are {names}").format(names=", ".join(_ENCODINGS)),
                code="export.dxf-version",
            )
        wanted = (self.encoding or codec).lower().replace("_", "-")
        if {"utf8": "utf-8", "gb2312": "gbk", "gb18030": "gbk", "cp936": "gbk"}.get(wanted, wanted) != codec:
            raise UsageError(
                Text(
                    "{v} 的文字编码只能是 {right}，CAD 才能读对。",
                    "{v} must be in {right}, or CAD misreads its text.",
                ).format(v=self.version, right=codec.upper()),
                Text("GBK 请用 R2000，UTF-8 请用 R2010。", "Use R2000 for GBK, R2010 for UTF-8."),
                code="export.dxf-encoding",
            )
        return codec


def _refused_scale(scale: int) -> UsageError:
    words = Text("出图比例不能是 1:{n}。", "A plan cannot be plotted at 1:{n}.")
    return UsageError(words.format(n=scale), code="export.dxf-scale")


def dxf_writer(options: DxfOptions) -> Writer:
    """Return the writer for certain options; they are checked at once."""
    options.check()
    return partial(write_dxf, options=options)


def write_dxf(
    snapshot: Snapshot,
    layers: Sequence[Layer],
    out: Path,
    told: Told | None = None,
    options: DxfOptions | None = None,
) -> Written:
    """Write layers as a DXF drawing.

    Polygons become closed polylines with a hatch, points become blocks, bands
    get their edges; labels are texts. Every entity that carries geometry has
    the feature's id in its extended data, so that it comes back as an update.
    """
    chosen, told = options or DxfOptions(), told or Told()
    chosen.check()
    sheet = _Sheet(snapshot, chosen, told)
    written = Written(files=[out])
    ordered = sorted(layers, key=lambda layer: list(snapshot.layers).index(layer.id))
    for step in (sheet.add_fills, sheet.add_shapes, sheet.add_letters):
        for layer in ordered:
            step(layer)
    for layer in ordered:
        written.counts[layer.id] = sheet.counts.get(layer.id, 0)
        missing = len(layer.table) - written.counts[layer.id]
        if missing:
            words = _NO_SHAPE.format(n=missing)
            written.findings.append(Finding("export.no-shape", words, "warning", layer=layer.id))
    written.findings += sheet.findings
    sheet.finish(out)
    return written


class _Sheet:
    """A drawing in the making."""

    def __init__(self, snapshot: Snapshot, options: DxfOptions, told: Told) -> None:
        import ezdxf
        from ezdxf import units

        self.snapshot, self.told, self.metres_per_mm = snapshot, told, options.scale / 1000.0
        self.document: Any = ezdxf.new(options.version.upper(), units=units.M)  # type: ignore[attr-defined]
        self.document.encoding = "gbk"  # names the Chinese code page; R2007 and later are UTF-8 all the same
        self.document.appids.add(APP)
        style = self.document.styles.add(_STYLE, font=_FONT[0])
        style.set_extended_font_data(_FONT[1])
        self.space: Any = self.document.modelspace()
        codes = CASS_CODES if options.names == "cass" else None
        self.layers = CadLayers(self.document, self.metres_per_mm, codes)
        self.symbols = CadSymbols(self.document, self.layers.has_true_colors)
        self.counts: dict[str, int] = {}
        self.findings: list[Finding] = []

    def add_fills(self, layer: Layer) -> None:
        for feature, look in self._drawn(layer):
            if shapely.get_dimensions(feature.geometry) == 2:
                for part in look.fills:
                    self._add_fill(layer, feature, look, part)

    def add_shapes(self, layer: Layer) -> None:
        bands: dict[str, tuple[Look, list[shapely.Geometry]]] = {}
        for feature, look in self._drawn(layer):
            self.counts[layer.id] = self.counts.get(layer.id, 0) + 1
            dimension = int(shapely.get_dimensions(feature.geometry))
            (self._add_points, self._add_lines, self._add_areas)[dimension](layer, feature, look)
            width = feature.attributes.get(look.width_field) if look.width_field else None
            if dimension == 1 and isinstance(width, (int, float)) and width > 0:
                name = self.layers.name_of(layer, *look.state, EDGES)
                flat = shapely.buffer(feature.geometry, width / 2, cap_style="flat", join_style="mitre")
                bands.setdefault(name, (look, []))[1].append(flat)
        for name, (look, shapes) in bands.items():
            self._add_edges(layer, name, look, shapes)

    def add_letters(self, layer: Layer) -> None:
        for feature, look in self._drawn(layer):
            for lettering in letterings(layer, feature, look, self.metres_per_mm):
                self._add_text(layer, feature, lettering)

    def _drawn(self, layer: Layer) -> Iterator[tuple[Feature, Look]]:
        """Yield the features of a layer that have a shape, with their look."""
        for feature in self.told.each(layer, layer.table, _PASSES):
            if feature.geometry is not None and not feature.geometry.is_empty:
                yield feature, Look(layer, dict(feature.attributes))

    def finish(self, out: Path) -> None:
        """Say where the drawing lies and what it is, and save it."""
        write_record(self.document, {"crs": self.snapshot.crs, "title": self.snapshot.title})
        box = self.snapshot.extent()
        if box is not None:
            west, south, east, north = box
            self.space.reset_extents((west, south, 0.0), (east, north, 0.0))
            self.space.reset_limits((west, south), (east, north))
            height = max(north - south, (east - west) * 0.6, 1.0) * 1.1
            self.document.set_modelspace_vport(height, center=((west + east) / 2, (south + north) / 2))
        self.document.header["$LWDISPLAY"] = 1
        with _Watched(out, self.document.output_encoding, self.told, len(self.document.entitydb)) as stream:
            self.document.write(stream)

    def _add_points(self, layer: Layer, feature: Feature, look: Look) -> None:
        parts = shapely.get_parts([feature.geometry])
        marker = look.marker
        for number, part in enumerate(parts):
            mark = Mark(feature.uid, layer.id, "point", number)
            name = self.layers.name_of(layer, *look.state)
            attributes = self.layers.attributes(name, marker.line if marker else look.stroke.color)
            if marker is None:
                self._marked(self.space.add_point((part.x, part.y), dxfattribs=attributes), mark)
                continue
            scale = size_m(marker, feature.attributes, self.metres_per_mm)
            block = self.symbols.block(self.layers.name_of(layer), marker)
            attributes |= {"xscale": scale, "yscale": scale, "zscale": scale}
            self._marked(self.space.add_blockref(block, (part.x, part.y), dxfattribs=attributes), mark)

    def _add_lines(self, layer: Layer, feature: Feature, look: Look) -> None:
        attributes = self._line_attributes(layer, look)
        for number, part in enumerate(shapely.get_parts([feature.geometry])):
            self._add_chain(part, Mark(feature.uid, layer.id, "line", number), attributes, close=False)
        self._tell_many(layer, feature)

    def _add_areas(self, layer: Layer, feature: Feature, look: Look) -> None:
        attributes = self._line_attributes(layer, look)
        for number, part in enumerate(shapely.get_parts([feature.geometry])):
            for ring, shape in enumerate((part.exterior, *part.interiors)):
                mark = Mark(feature.uid, layer.id, "area", number, ring)
                self._add_chain(shape, mark, attributes, close=True)
        self._tell_many(layer, feature)

    def _add_edges(self, layer: Layer, name: str, look: Look, shapes: list[shapely.Geometry]) -> None:
        attributes = self.layers.attributes(name, look.stroke.color, Stroke(look.stroke.color, 0.13))
        whole = shapely.union_all(np.array(shapes, dtype=object))
        for part in shapely.get_parts([whole]):
            for ring in (part.exterior, *part.interiors):
                self._add_chain(ring, Mark("", layer.id, "edge"), attributes, close=True)

    def _add_chain(self, shape: Any, mark: Mark, attributes: dict[str, Any], *, close: bool) -> None:
        xy = shapely.get_coordinates(shape)
        points = (xy[:-1] if close else xy).tolist()
        self._marked(self.space.add_lwpolyline(points, close=close, dxfattribs=attributes), mark)

    def _add_fill(self, layer: Layer, feature: Feature, look: Look, part: Fill | Hatch) -> None:
        opacity = part.opacity if isinstance(part, Fill) else 1.0
        if opacity < _FAINT and not self.layers.has_true_colors:
            return  # it would hide what it should only tint
        name = self.layers.name_of(layer, *look.state, FILL)
        attributes = self.layers.attributes(name, part.color)
        color = attributes.get("color", BY_LAYER)
        for area in shapely.get_parts([feature.geometry]):
            hatch = self.space.add_hatch(color=color, dxfattribs=attributes)
            if opacity < 1.0 and self.layers.has_true_colors:
                hatch.transparency = 1.0 - opacity
            if isinstance(part, Hatch):
                scale = part.spacing_mm * self.metres_per_mm / _PATTERN_STEP
                hatch.set_pattern_fill(_PATTERNS[part.pattern], scale=scale, color=color)
            for number, ring in enumerate((area.exterior, *area.interiors)):
                points = shapely.get_coordinates(ring)[:-1].tolist()
                hatch.paths.add_polyline_path(points, is_closed=True, flags=1 if number == 0 else 16)
            self._marked(hatch, Mark(feature.uid, layer.id, "fill"))

    def _add_text(self, layer: Layer, feature: Feature, lettering: Lettering) -> None:
        from ezdxf.enums import TextEntityAlignment

        name = self.layers.name_of(layer, LETTERS)
        attributes = self.layers.attributes(name, lettering.color)
        attributes |= {"style": _STYLE, "rotation": lettering.angle_deg}
        text = self.space.add_text(lettering.text, height=lettering.height_m, dxfattribs=attributes)
        align = TextEntityAlignment.MIDDLE_LEFT if lettering.left else TextEntityAlignment.MIDDLE_CENTER
        text.set_placement((lettering.x, lettering.y), align=align)
        self._marked(text, Mark(feature.uid, layer.id, "label"))

    def _line_attributes(self, layer: Layer, look: Look) -> dict[str, Any]:
        stroke = look.stroke
        return self.layers.attributes(self.layers.name_of(layer, *look.state), stroke.color, stroke)

    def _marked(self, entity: Any, mark: Mark) -> None:
        entity.set_xdata(APP, tags_of(mark))

    def _tell_many(self, layer: Layer, feature: Feature) -> None:
        if shapely.get_num_geometries(feature.geometry) > _MOST_MARKS:
            self.findings.append(
                Finding("export.parts", _MANY_PARTS, "warning", layer=layer.id, uid=feature.uid)
            )


class _Watched(io.TextIOWrapper):
    """A file in the making that can be stopped: a large drawing takes a while to write."""

    def __init__(self, path: Path, encoding: str, told: Told, entities: int) -> None:
        super().__init__(path.open("wb"), encoding=encoding, errors="dxfreplace")
        self._told, self._entities, self._written = told, max(entities, 1), 0

    def write(self, words: str, /) -> int:
        """Write, and from time to time tell how far it is and ask whether to go on."""
        if words.startswith(_BEGINS):
            self._written += 1
            if self._written % _ASK_EVERY == 0:
                self._told.tell(0.5 + 0.5 * min(self._written / self._entities, 1.0), _SAVING)
        return super().write(words)
