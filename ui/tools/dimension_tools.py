"""Leaders, and dimensions of radius and area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import Geometry

from gis import measure
from gis.edit.dimensions import leader_line, measured_words, radius_line
from gis.edit.following import centre_at
from gis.edit.geometries import refused
from gis.i18n import tr
from gis.measure import XY
from gis.snap import rows_near
from layers.schema import Value
from layers.text import Text
from ui.tools.constructing import ConstructTool, WordsTool

REACH_PX = 14.0


class RadiusTool(ConstructTool):
    """Draws the radius of a circle or arc that is clicked."""

    id = "draw-radius"
    title = Text("半径标注", "Radius dimension")
    hint = Text("单击圆或圆弧", "Click a circle or an arc")
    steps = (hint, Text("单击文字的位置", "Click where the words go"))
    shape = "line"
    role = "annotation"

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        centre, through = self._circle_at(points[0])
        return [radius_line(centre, through, points[-1] if len(points) > 1 else through)]

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        return measured_words("radius", shapes[0]) or ""

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        return {"text": measured_words("radius", self.shapes(points)[0]), "type": "radius"}

    def _circle_at(self, place: XY) -> tuple[XY, XY]:
        """Return the centre of the circle nearest to a place, and the place on it."""
        snapshot = self.host.session.snapshot
        reach_m = REACH_PX * self.host.viewport.metres_per_px
        point = shapely.Point(place)
        near = [
            (outline.distance(point), outline)
            for layer in (snapshot.layers.values() if snapshot is not None else ())
            if layer.visible
            for row in rows_near(layer.table, *place, reach_m)
            if (outline := _outline(layer.table.geometry[row])) is not None
        ]
        for away, outline in sorted(near, key=lambda pair: float(pair[0])):
            if away > reach_m:
                break
            on = outline.interpolate(outline.project(point))
            centre = centre_at(outline, (on.x, on.y))
            if centre is not None:
                return (round(centre[0], 6), round(centre[1], 6)), (round(on.x, 6), round(on.y, 6))
        raise refused("radius.none", "这里没有圆或圆弧。", "There is no circle or arc here.")


class AreaLabelTool(ConstructTool):
    """Writes the area of what is clicked into it."""

    id = "draw-area-label"
    title = Text("面积标注", "Area dimension")
    hint = Text("单击要标注面积的对象", "Click what the area is of")
    steps = (hint,)
    shape = "point"
    role = "annotation"

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        self._area_at(points[-1])
        return [shapely.Point(points[-1])]

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        return measured_words("area", self._area_at(points[-1])) or ""

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        return {"text": measured_words("area", self._area_at(points[-1])), "type": "area"}

    def _area_at(self, place: XY) -> Geometry:
        snapshot = self.host.session.snapshot
        for key in self.host.objects_at(place):
            feature = snapshot.feature(key) if snapshot is not None else None
            if feature is not None and shapely.get_dimensions(feature.geometry) == 2:
                return feature.geometry
        raise refused("area.none", "这里没有面。", "There is no area here.")


class LeaderTool(WordsTool):
    """Draws a leader from a thing to words about it."""

    id = "draw-leader"
    title = Text("引线注记", "Leader with text")
    hint = Text("单击所指的位置", "Click what is meant")
    steps = (
        hint,
        Text("单击文字的位置", "Click where the words go"),
        WordsTool.hint_words,
    )
    shape = "line"
    role = "annotation"

    def shapes(self, points: Sequence[XY]) -> list[Geometry]:
        return [leader_line(points[0], points[1])] if len(points) > 1 else []

    def words(self, points: Sequence[XY], shapes: Sequence[Geometry]) -> str:
        if self.asking:
            return tr(self.hint_words)
        return measure.length_text(measure.segment_length_m(points[0], points[-1]))

    def attributes(self, points: Sequence[XY]) -> Mapping[str, Value]:
        return {"text": self._words, "type": "leader"}


def _outline(shape: Geometry | None) -> Geometry | None:
    """Return the line that may be round; None for points and for what has too few vertices."""
    if shape is None or shapely.get_dimensions(shape) < 1 or shapely.get_num_coordinates(shape) < 6:
        return None
    part = shapely.get_parts(shape)[0]
    line = part.exterior if part.geom_type == "Polygon" else part
    return line if np.isfinite(line.length) else None
