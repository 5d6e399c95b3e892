"""Writing layers as a drawing for CAD: 1:1 in metres, every vertex as it is, ids on every entity."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import shapely

from gis.exchange.dxf.cad_codes import CASS_CODES
from gis.exchange.dxf.cad_dimensions import CadDimensions
from gis.exchange.dxf.cad_layers import EDGES, FILL, LETTERS, CadLayers
from gis.exchange.dxf.cad_symbols import CadSymbols, size_m
from gis.exchange.dxf.colours import on_paper
from gis.exchange.dxf.identity import APP, Mark, tags_of, write_record
from gis.exchange.dxf.lettering import Lettering, letterings
from gis.exchange.dxf.measures import Measure, measure_of
from gis.exchange.dxf.model_text import ModelText
from gis.exchange.dxf.moulds import Attributes, Moulds, Ring, ring_paths, rings_of
from gis.exchange.dxf.rounds import Round, round_of
from gis.exchange.feature_look import Look, Looks
from gis.exchange.written import Told, Writer, Written
from layers.errors import Finding, UsageError
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.style import Fill, Hatch, Stroke
from layers.text import Text

_ENCODINGS: Final = {"R2000": "gbk", "R2004": "gbk", "R2007": "utf-8", "R2010": "utf-8", "R2013": "utf-8",
                     "R2018": "utf-8"}  # fmt: skip
_STYLE: Final = "PLANBOARD"
_FONT: Final = ("simsun.ttc", "SimSun")
_FAINT: Final = 0.5
_MADE: Final = 0.9
"""Of the work, when all entities are made; then the file is put together."""
_FEW: Final = 32
_LARGE: Final = 100_000
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
    get their edges; labels are texts, dimensions are dimensions, and what is
    noted as a circle or an arc is one. Every entity that carries geometry has
    the feature's id in its extended data, so that it comes back as an update.
    """
    chosen, told = options or DxfOptions(), told or Told()
    chosen.check()
    written = Written(files=[out])
    ordered = sorted(layers, key=lambda layer: list(snapshot.layers).index(layer.id))
    sheet = _Sheet(snapshot, chosen, told)
    with ModelText(sheet.document, out.parent) as model:
        sheet.draw(ordered, model)
        sheet.finish(out)
    for layer in ordered:
        written.counts[layer.id] = sheet.counts.get(layer.id, 0)
        missing = len(layer.table) - written.counts[layer.id]
        if missing:
            words = _NO_SHAPE.format(n=missing)
            written.findings.append(Finding("export.no-shape", words, "warning", layer=layer.id))
    written.findings += sheet.findings
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
        self.moulds = Moulds(self.document, self.metres_per_mm)
        self.dimensions = CadDimensions(self.document, self.metres_per_mm, _STYLE)
        self._outlines: dict[tuple[str, Look, bool], str] = {}
        self._filled: dict[tuple[str, Look], list[str]] = {}
        self.counts: dict[str, int] = {}
        self.findings: list[Finding] = []

    def draw(self, layers: Sequence[Layer], model: ModelText) -> None:
        """Draw layers from bottom to top; what is drawn once more in CAD's own way lies on top of them."""
        self.model = self.document.entities = model
        for layer in layers:
            self._draw(layer)

    def _draw(self, layer: Layer) -> None:
        looks = Looks(layer)
        bands: dict[str, tuple[Look, list[shapely.Geometry]]] = {}
        for feature in self.told.each(layer, layer.table, 1 / _MADE):
            if feature.geometry is None or feature.geometry.is_empty:
                continue
            look = looks.of(feature.attributes)
            self.counts[layer.id] = self.counts.get(layer.id, 0) + 1
            if (measure := measure_of(layer, feature)) is not None:
                self._add_dimension(layer, feature, look, measure)
                continue
            dimension = int(shapely.get_dimensions(feature.geometry))
            (self._add_points, self._add_lines, self._add_areas)[dimension](layer, feature, look)
            width = feature.attributes.get(look.width_field) if look.width_field else None
            if dimension == 1 and isinstance(width, (int, float)) and width > 0:
                name = self.layers.name_of(layer, *look.state, EDGES)
                flat = shapely.buffer(feature.geometry, width / 2, cap_style="flat", join_style="mitre")
                bands.setdefault(name, (look, []))[1].append(flat)
            for lettering in letterings(layer, feature, look, self.metres_per_mm):
                self._add_text(layer, feature, lettering, filled=dimension == 2 and bool(look.fills))
        for name, (look, shapes) in bands.items():
            self._add_edges(layer, name, look, shapes)

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
        with _Watched(out, self.document.output_encoding, self.told, self.model.size()) as stream:
            self.document.write(stream)

    def _add_points(self, layer: Layer, feature: Feature, look: Look) -> None:
        marker = look.marker
        name = self.layers.name_of(layer, *look.state)
        attributes = self.layers.attributes(name, marker.line if marker else look.stroke.color)
        if marker is None:
            mould, values = self.moulds.point(attributes), {}
        else:
            mould = self.moulds.symbol(attributes, self.symbols.block(self.layers.name_of(layer), marker))
            values = {"scale": size_m(marker, feature.attributes, self.metres_per_mm)}
        for number, (x, y) in enumerate(shapely.get_coordinates(feature.geometry).tolist()):
            mark = Mark(feature.uid, layer.id, "point", number)
            self.model.add("shapes", mould, {"x": x, "y": y, **values}, mark)

    def _add_dimension(self, layer: Layer, feature: Feature, look: Look, measure: Measure) -> None:
        """Add a dimension with its words, which are part of it."""
        words = next(letterings(layer, feature, look, self.metres_per_mm), None)
        name = self.layers.name_of(layer, *look.state)
        text_pen = self.layers.attributes(name, words.color if words else look.stroke.color)
        made = self.dimensions.add(measure, words, self._pen(layer, look), text_pen)
        made.set_xdata(APP, [*tags_of(Mark(feature.uid, layer.id, "line")), *measure.tags()])

    def _add_round(self, layer: Layer, look: Look, round_: Round, mark: Mark) -> None:
        pen = dict(self._pen(layer, look))
        if round_.is_whole:
            made = self.space.add_circle((round_.x, round_.y), round_.radius, dxfattribs=pen)
        else:
            made = self.space.add_lwpolyline(round_.corners(), format="xyb", dxfattribs=pen)
        made.set_xdata(APP, [*tags_of(mark), *round_.tags()])

    def _add_lines(self, layer: Layer, feature: Feature, look: Look) -> None:
        if (round_ := round_of(feature)) is not None:
            self._add_round(layer, look, round_, Mark(feature.uid, layer.id, "line"))
            return
        mould = self._outline(layer, look, close=False)
        for number, part in enumerate(shapely.get_parts([feature.geometry])):
            points = shapely.get_coordinates(part).ravel().tolist()
            mark = Mark(feature.uid, layer.id, "line", number)
            self.model.add("shapes", mould, Ring.of(points).values(), mark)
        self._tell_many(layer, feature)

    def _add_areas(self, layer: Layer, feature: Feature, look: Look) -> None:
        outline, fills = self._outline(layer, look, close=True), self._fills(layer, look)
        round_ = round_of(feature)
        if round_ is not None:
            self._add_round(layer, look, round_, Mark(feature.uid, layer.id, "area"))
        for number, part in enumerate(shapely.get_parts([feature.geometry])):
            rings = rings_of(part)
            for position, ring in enumerate(rings if round_ is None else ()):
                mark = Mark(feature.uid, layer.id, "area", number, position)
                self.model.add("shapes", outline, ring.values(), mark)
            paths = {"count": len(rings), "rings": ring_paths(rings)} if fills else {}
            for fill in fills:
                self.model.add("fills", fill, paths, Mark(feature.uid, layer.id, "fill"))
        self._tell_many(layer, feature)

    def _add_edges(self, layer: Layer, name: str, look: Look, shapes: list[shapely.Geometry]) -> None:
        attributes = self.layers.attributes(name, look.stroke.color, Stroke(look.stroke.color, 0.13))
        mould = self.moulds.chain(attributes, close=True)
        whole = self._joined(layer, shapes)
        for part in shapely.get_parts([whole]):
            for ring in rings_of(part):
                self.model.add("shapes", mould, ring.values(), Mark("", layer.id, "edge"))

    def _joined(self, layer: Layer, shapes: Sequence[shapely.Geometry]) -> shapely.Geometry:
        """Return bands as one shape, joined few by few, so that it can be stopped in between."""
        while len(shapes) > 1:
            joined = []
            for i in range(0, len(shapes), _FEW):
                self.told.step(layer, 0)
                joined.append(shapely.union_all(shapes[i : i + _FEW]))
            shapes = joined
        return shapes[0]

    def _fill(self, layer: Layer, look: Look, part: Fill | Hatch) -> str | None:
        opacity = part.opacity if isinstance(part, Fill) else 1.0
        if opacity < _FAINT and not self.layers.has_true_colors:
            return None  # it would hide what it should only tint
        # Where a program knows no transparency, the tint must not be louder than the plan below it: half of
        # it is in the colour. Over white paper it is as pale as the opacity says.
        faint = opacity**0.5 if self.layers.has_true_colors else 1.0
        name = self.layers.name_of(layer, *look.state, FILL)
        attributes = self.layers.attributes(name, on_paper(part.color, faint), filled=True)
        return self.moulds.fill(attributes, faint, part if isinstance(part, Hatch) else None)

    def _add_text(self, layer: Layer, feature: Feature, lettering: Lettering, *, filled: bool) -> None:
        name = self.layers.name_of(layer, LETTERS)
        attributes = self.layers.attributes(name, lettering.color, filled=filled)
        mould = self.moulds.words(attributes | {"style": _STYLE}, left=lettering.left)
        values = {
            "x": lettering.x,
            "y": lettering.y,
            "height": lettering.height_m,
            "angle": lettering.angle_deg,
            "text": lettering.text,
        }
        self.model.add("letters", mould, values, Mark(feature.uid, layer.id, "label"))

    def _outline(self, layer: Layer, look: Look, *, close: bool) -> str:
        key = layer.id, look, close
        if key not in self._outlines:
            self._outlines[key] = self.moulds.chain(self._pen(layer, look), close=close)
        return self._outlines[key]

    def _pen(self, layer: Layer, look: Look) -> Attributes:
        name = self.layers.name_of(layer, *look.state)
        return self.layers.attributes(name, look.stroke.color, look.stroke, filled=bool(look.fills))

    def _fills(self, layer: Layer, look: Look) -> list[str]:
        key = layer.id, look
        if key not in self._filled:
            made = (self._fill(layer, look, part) for part in look.fills)
            self._filled[key] = [fill for fill in made if fill is not None]
        return self._filled[key]

    def _tell_many(self, layer: Layer, feature: Feature) -> None:
        if shapely.get_num_geometries(feature.geometry) > _MOST_MARKS:
            self.findings.append(
                Finding("export.parts", _MANY_PARTS, "warning", layer=layer.id, uid=feature.uid)
            )


class _Watched(io.TextIOWrapper):
    """A file in the making that can be stopped: a large drawing takes a while to write."""

    def __init__(self, path: Path, encoding: str, told: Told, size: int) -> None:
        super().__init__(path.open("wb"), encoding=encoding, errors="dxfreplace")
        self._told, self._size, self._written = told, max(size, 1), 0

    def write(self, words: str, /) -> int:
        """Write, and with large pieces tell how far it is and ask whether to go on."""
        self._written += len(words)
        if len(words) > _LARGE:
            self._told.tell(_MADE + (1 - _MADE) * min(self._written / self._size, 1.0), _SAVING)
        return super().write(words)
