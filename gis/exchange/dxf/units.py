"""Which unit the numbers of a drawing are in: the numbers themselves count for more than the header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gis.exchange.dxf.pieces import FAULTS
from layers.errors import UsageError
from layers.text import Text

METRES: Final[dict[str, float]] = {"m": 1.0, "mm": 0.001, "cm": 0.01, "dm": 0.1, "km": 1000.0,
                                   "in": 0.0254, "ft": 0.3048}  # fmt: skip
_HEADER: Final = {1: "in", 2: "ft", 4: "mm", 5: "cm", 6: "m", 7: "km", 14: "dm"}
_EASTINGS_M: Final = ((1e5, 9e5), (13e6, 46e6))
"""Of national grids, without and with a zone number."""

_NORTHINGS_M: Final = (1.5e6, 6.2e6)
_WIDEST_SITE_M: Final = 60_000.0
_SMALLEST_SITE_M: Final = 2.0
_TALL_TEXT: Final = 50.0
_AREAS: Final = ("HATCH", "MPOLYGON")
_MOST_LOOKED_AT: Final = 5000
_SAID: Final = Text("由用户指定", "as the user says")
_BY_HEADER: Final = Text("图纸标注（INSUNITS）", "as the drawing says (INSUNITS)")
_BY_GRID: Final = Text("坐标值像以{u}计的高斯坐标", "the numbers look like Gauss-Krüger coordinates in {u}")
_BY_SIZE: Final = Text(
    "按 {a} 计全图宽 {w:,.0f} 米，不合常理；按 {b} 计",
    "in {a} the drawing would be {w:,.0f} m wide; taken as {b}",
)
_BY_TEXT: Final = Text("字高中值 {h:g}，像毫米", "the median text height {h:g} looks like mm")
_NOT_SAID: Final = Text("图纸未标注单位，按米计", "no unit is named; taken as metres")


class Unit(NamedTuple):
    """The unit of a drawing.

    Parameters
    ----------
    name : str
        One of `METRES`.
    metres : float
    evidence : Text
    doubtful : bool
        Whether the header says something else.
    """

    name: str
    metres: float
    evidence: Text
    doubtful: bool = False

    def told(self) -> dict[str, Any]:
        """Return the unit as plain JSON values."""
        return {"unit": self.name, "unit_evidence": self.evidence, "unit_doubtful": self.doubtful}


class Sample:
    """Places and text heights of so many entities, evenly over a drawing of unknown length.

    Attributes
    ----------
    places : list of (float, float) or None
    heights : list of float or None
        Of texts; as many as places.
    """

    def __init__(self) -> None:
        self.places: list[tuple[float, float] | None] = []
        self.heights: list[float | None] = []
        self._seen, self._step = 0, 1

    def look_at(self, entity: Any) -> None:
        """Take an entity into account, if it is its turn."""
        if self._seen % self._step == 0:
            try:
                place, height = _place(entity), _text_height(entity)
            except FAULTS:  # a damaged entity says nothing about the unit
                place = height = None
            self.places.append(place)
            self.heights.append(height)
            if len(self.places) > 2 * _MOST_LOOKED_AT:
                self.places, self.heights = self.places[::2], self.heights[::2]
                self._step *= 2
        self._seen += 1


def sample_of(entities: Iterable[Any]) -> Sample:
    """Return what entities of ezdxf show."""
    sample = Sample()
    for entity in entities:
        sample.look_at(entity)
    return sample


def find_unit(sample: Sample, header: int | None, wanted: str | None = None) -> Unit:
    """Find the unit of a drawing.

    Parameters
    ----------
    sample : Sample
    header : int or None
        $INSUNITS; 0 and None say nothing.
    wanted : str, optional
        What the user says.

    Raises
    ------
    UsageError
        If there is no unit of that name.
    """
    if wanted:
        if wanted not in METRES:
            raise UsageError(
                Text("没有单位“{name}”。", "There is no unit “{name}”.").format(name=wanted[:20]),
                Text("可用：{names}", "There are {names}").format(names=", ".join(METRES)),
                code="import.units",
            )
        return Unit(wanted, METRES[wanted], _SAID)
    said = _HEADER.get(header or 0)
    places = _finite(sample.places)
    return _by_grid(places, said) or _by_size(places, said) or _by_text(sample, said) or _by_header(said)


def _by_grid(places: NDArray[np.float64], said: str | None) -> Unit | None:
    """Recognise national grid coordinates; no other unit gives such numbers."""
    if not len(places):
        return None
    x, y = (float(v) for v in np.median(places, axis=0))
    for name in ("m", "mm"):
        east, north = x * METRES[name], y * METRES[name]
        if _on_grid(east, north) or _on_grid(north, east):
            return Unit(name, METRES[name], _BY_GRID.format(u=_word(name)), said not in (None, name))
    return None


def _on_grid(east: float, north: float) -> bool:
    in_zone = any(low <= east <= high for low, high in _EASTINGS_M)
    return in_zone and _NORTHINGS_M[0] <= north <= _NORTHINGS_M[1]


def _by_size(places: NDArray[np.float64], said: str | None) -> Unit | None:
    if not len(places):
        return None
    name = said or "m"
    low, high = np.percentile(places, [2, 98], axis=0)
    width = float((high - low).max())
    if width * METRES[name] > _WIDEST_SITE_M and name == "m":
        words = _BY_SIZE.format(a=_word(name), b=_word("mm"), w=width)
        return Unit("mm", METRES["mm"], words, said is not None)
    if name == "mm" and len(places) > 20 and width > 20 and width * METRES[name] < _SMALLEST_SITE_M:
        words = _BY_SIZE.format(a=_word(name), b=_word("m"), w=width * METRES[name])
        return Unit("m", 1.0, words, True)
    return None


def _by_text(sample: Sample, said: str | None) -> Unit | None:
    if said not in (None, "m"):
        return None
    heights = [height for height in sample.heights if height is not None]
    middle = float(np.median(heights)) if heights else 0.0
    if middle < _TALL_TEXT:
        return None
    return Unit("mm", METRES["mm"], _BY_TEXT.format(h=middle), said is not None)


def _by_header(said: str | None) -> Unit:
    return Unit(said, METRES[said], _BY_HEADER) if said else Unit("m", 1.0, _NOT_SAID)


def _text_height(entity: Any) -> float | None:
    values = entity.dxf.__dict__
    height = values.get("height") if entity.dxftype() == "TEXT" else values.get("char_height")
    return float(height) if height else None


def _finite(found: Sequence[tuple[float, float] | None]) -> NDArray[np.float64]:
    places = np.array([place for place in found if place is not None], dtype=float).reshape(-1, 2)
    finite: NDArray[np.float64] = places[np.isfinite(places).all(axis=1)]
    return finite


def _place(entity: Any) -> tuple[float, float] | None:
    """Return about where an entity is: its first point."""
    values = entity.dxf.__dict__
    for name in ("start", "insert", "location", "center", "vtx0"):
        if (spot := values.get(name)) is not None:
            return float(spot[0]), float(spot[1])
    points = getattr(entity, "lwpoints", None)
    if points is not None and len(points.values):
        return float(points.values[0][0]), float(points.values[0][1])
    if entity.dxftype() == "POLYLINE" and entity.vertices:
        spot = entity.vertices[0].dxf.location
        return float(spot[0]), float(spot[1])
    spot = _of_boundary(entity) if entity.dxftype() in _AREAS else _of_curve(entity)
    return None if spot is None else (float(spot[0]), float(spot[1]))


def _of_boundary(entity: Any) -> Sequence[float] | None:
    """Return a point of the outline of a hatch: GDAL writes areas as nothing but hatches."""
    for path in entity.paths.paths:
        for corner in getattr(path, "vertices", ()):
            return tuple(corner)
        for edge in getattr(path, "edges", ()):
            return tuple(edge.start_point if hasattr(edge, "start_point") else edge.center)
    return None


def _of_curve(entity: Any) -> Sequence[float] | None:
    points = getattr(entity, "control_points", None)
    return tuple(points[0]) if points is not None and len(points) else None


def _word(name: str) -> Text:
    return Text("米", "metres") if name == "m" else Text("毫米", "mm") if name == "mm" else Text(name, name)
