"""What all drawing tools share: the layer they draw into, and handing over what was drawn."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar, Final

from shapely import Geometry

from gis.edit.features import add_feature
from gis.measure import XY
from layers.changes import ChangeSet
from layers.errors import PlanboardError
from layers.kind import Role
from layers.layer import Layer
from layers.schema import GeometryType, Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.tools.sketch import SketchTool
from ui.tools.tool import ToolHost
from ui.tools.unseen import tell_unseen

SPOT_ROLES: Final[frozenset[Role]] = frozenset({"drainage-spot", "traffic-spot"})

MOST_OFFERED: Final = 5
_NOT_OFFERED: Final[frozenset[Role]] = SPOT_ROLES | {"annotation", "comment", "reference", "boundary"}
SHAPE_WORDS: Final[dict[GeometryType, Text]] = {
    "point": Text("点状", "points"),
    "line": Text("线状", "lines"),
    "polygon": Text("面状", "areas"),
}


class DrawTool(SketchTool):
    """Draws one shape after another into the active layer.

    Attributes
    ----------
    shape : GeometryType
        What it draws.
    """

    shape: ClassVar[GeometryType]
    _wanted: XY | None = None

    @abstractmethod
    def geometry_of(self, points: Sequence[XY]) -> Geometry:
        """Return the shape, or raise `RefusedError` with the reason."""

    def take(self, place: XY) -> None:
        self._wanted = place
        super().take(place)

    def may_begin(self) -> bool:
        return self.may_edit() and target_layer(self.host, self.shape, self._begin_after_all) is not None

    def _begin_after_all(self) -> None:
        """Begin at the place that waited for a layer to be chosen."""
        if self._wanted is not None and not self.points:
            self.take(self._wanted)

    def complete(self, points: Sequence[XY]) -> bool:
        layer = target_layer(self.host, self.shape)
        if layer is None:
            return False
        try:
            geometry = self.geometry_of(points)
        except PlanboardError as error:
            self.host.session.refuse(error)
            return False
        return add_drawn(self.host, layer, geometry, lambda: self.take_up(points))


def target_layer(
    host: ToolHost, shape: GeometryType, then: Callable[[], object] | None = None
) -> Layer | None:
    """Return the active layer if it takes a shape; if not, tell the user which layers do.

    Choosing one of them goes on with `then`: nothing is clicked or typed twice.
    """
    snapshot = host.session.snapshot
    if snapshot is None:
        return None
    layer = snapshot.layers.get(host.active_layer or "")
    if layer is not None and shape in layer.kind.geometry:
        return layer
    fitting = [a for a in reversed(tuple(snapshot.layers.values())) if _may_hold(a, shape)]
    if layer is None:
        what = Text("请先选一个要绘制的图层。", "Choose a layer to draw in first.")
    else:
        what = Text("图层“{layer}”不接受{shape}图形。", "Layer “{layer}” does not take {shape}.").format(
            layer=layer.title, shape=SHAPE_WORDS[shape]
        )
    acts = [(a.title, partial(_draw_into, host, a.id, then)) for a in fitting[:MOST_OFFERED]]
    host.session.offer(what, acts, "warning", Text("改为画到：", "Draw instead into:"), passing=True)
    return None


def _draw_into(host: ToolHost, layer_id: str, then: Callable[[], object] | None) -> None:
    host.active_layer = layer_id
    if then is not None:
        then()


def _may_hold(layer: Layer, shape: GeometryType) -> bool:
    """Tell whether a layer is one to draw a shape into; problem spots have tools of their own."""
    return shape in layer.kind.geometry and layer.visible and layer.kind.role not in _NOT_OFFERED


def drawn_values(host: ToolHost, layer: Layer) -> dict[str, Value]:
    """Return what a drawn feature gets besides the defaults: it is new, unless what exists is traced."""
    return {} if host.session.draws_existing else layer.kind.drawn()


def add_drawn(
    host: ToolHost, layer: Layer, geometry: Geometry, failed: Callable[[], object] | None = None
) -> bool:
    """Add a drawn shape as one undoable step and select it; a problem spot goes to its form instead."""
    if layer.kind.role in SPOT_ROLES:
        host.place_spot(layer.id, geometry)
        return True
    added: list[ChangeSet] = []
    values = drawn_values(host, layer)

    def edit(snapshot: Snapshot) -> ChangeSet:
        added.append(add_feature(snapshot, layer.id, geometry, values))
        return added[0]

    label = Text("绘制 {layer}", "Draw in {layer}").format(layer=layer.title)
    return host.session.run(label, edit, lambda: end_drawing(host, added[0]), failed)


def end_drawing(host: ToolHost, added: ChangeSet) -> None:
    """Select what was drawn, and say so if it does not show."""
    host.session.select(added.features)
    tell_unseen(host.session, tuple(added.features), host.viewport.scale_denominator)
