"""Entities as ezdxf writes them, made once for each look, with gaps where the features differ.

A drawing has a few dozen looks and perhaps a million entities. ezdxf knows what each version of the format
wants of an entity; asked once, its text serves for all that look alike.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import shapely

from gis.exchange.dxf.pieces import BY_LAYER
from layers.style import Hatch

Attributes = Mapping[str, Any]

_X, _Y, _HEIGHT, _ANGLE, _SCALE = 7125411.125, 3518253.25, 413.0625, 44.03125, 617.015625
"""Numbers that stand in the mould where the gaps will be; nothing else in it is like them."""
_PLACE: Final[dict[float, str]] = {_X: "x", _Y: "y"}
_WORDS: Final = "GAP"
_PATTERNS: Final = {"diagonal": "ANSI31", "cross": "ANSI37", "wave": "ANSI31", "dots": "ANSI37"}
_PATTERN_STEP: Final = 3.175
_VERTEX: Final = " 10\n%r\n 20\n%r\n"
_SHELL, _HOLE = 1 | 2, 16 | 2
"""Flags of a ring that is a polyline."""
_CORNER: Final = f" 10\n{_X}\n 20\n{_Y}\n"
_PATH: Final = f" 91\n1\n 92\n3\n 72\n0\n 73\n1\n 93\n1\n{_CORNER} 97\n0\n"


class Moulds:
    """The moulds of a document in the making.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    metres_per_mm : float
        Of paper, for the steps of hatches.
    """

    def __init__(self, document: Any, metres_per_mm: float) -> None:
        self._document, self._space = document, document.modelspace()
        self._metres_per_mm = metres_per_mm
        self._made: dict[tuple[object, ...], str] = {}

    def chain(self, attributes: Attributes, *, close: bool) -> str:
        """Return the mould of a polyline: ``handle``, ``count``, ``points``."""

        def make() -> str:
            line = self._space.add_lwpolyline([(_X, _Y)], close=close, dxfattribs=dict(attributes))
            words = self._text(line)
            return _filled(_filled(words, " 90\n1\n", " 90\n%(count)d\n"), _CORNER, "%(points)s")

        return self._mould(("chain", close), attributes, make)

    def fill(self, attributes: Attributes, opacity: float, hatch: Hatch | None) -> str:
        """Return the mould of a filled or hatched area: ``handle``, ``count`` of rings, ``rings``."""
        color = attributes.get("color", BY_LAYER)

        def make() -> str:
            area = self._space.add_hatch(color=color, dxfattribs=dict(attributes))
            if opacity < 1.0:
                area.transparency = 1.0 - opacity
            if hatch is not None:
                scale = hatch.spacing_mm * self._metres_per_mm / _PATTERN_STEP
                area.set_pattern_fill(_PATTERNS[hatch.pattern], scale=scale, color=color)
            area.paths.add_polyline_path([(_X, _Y)], is_closed=True, flags=1)
            return _filled(self._text(area), _PATH, " 91\n%(count)d\n%(rings)s")

        return self._mould(("fill", opacity, hatch), attributes, make)

    def words(self, attributes: Attributes, *, left: bool) -> str:
        """Return the mould of a text: ``handle``, ``x``, ``y``, ``height``, ``angle``, ``text``."""
        from ezdxf.enums import TextEntityAlignment

        def make() -> str:
            turned = {**attributes, "rotation": _ANGLE}
            text = self._space.add_text(_WORDS, height=_HEIGHT, dxfattribs=turned)
            align = TextEntityAlignment.MIDDLE_LEFT if left else TextEntityAlignment.MIDDLE_CENTER
            text.set_placement((_X, _Y), align=align)
            words = self._text(text).replace(f"\n{_WORDS}\n", "\n%(text)s\n")
            return _with_gaps(words, {_HEIGHT: "height", _ANGLE: "angle", **_PLACE})

        return self._mould(("words", left), attributes, make)

    def point(self, attributes: Attributes) -> str:
        """Return the mould of a point: ``handle``, ``x``, ``y``."""

        def make() -> str:
            point = self._space.add_point((_X, _Y), dxfattribs=dict(attributes))
            return _with_gaps(self._text(point), _PLACE)

        return self._mould(("point",), attributes, make)

    def symbol(self, attributes: Attributes, block: str) -> str:
        """Return the mould of a block at a place: ``handle``, ``x``, ``y``, ``scale``."""

        def make() -> str:
            scaled = {**attributes, "xscale": _SCALE, "yscale": _SCALE, "zscale": _SCALE}
            symbol = self._space.add_blockref(block, (_X, _Y), dxfattribs=scaled)
            return _with_gaps(self._text(symbol), {_SCALE: "scale", **_PLACE})

        return self._mould(("symbol", block), attributes, make)

    def _mould(self, kind: tuple[object, ...], attributes: Attributes, make: Callable[[], str]) -> str:
        key = (*kind, *sorted(attributes.items()))
        if key not in self._made:
            self._made[key] = make()
        return self._made[key]

    def _text(self, entity: Any) -> str:
        """Return an entity as it stands in the file, with a gap for its handle, and take it away again."""
        from ezdxf.lldxf.tagwriter import TagWriter

        stream = io.StringIO()
        entity.export_dxf(TagWriter(stream, dxfversion=self._document.dxfversion))
        words = stream.getvalue().replace("%", "%%")
        handle = entity.dxf.handle
        self._space.delete_entity(entity)
        return _filled(words, f"  5\n{handle}\n", "  5\n%(handle)s\n")


class Ring(NamedTuple):
    """A chain of vertices as it stands in a file.

    Parameters
    ----------
    corners : int
        How many; the first of a ring is not repeated.
    points : str
    """

    corners: int
    points: str

    @classmethod
    def of(cls, numbers: Sequence[float]) -> Ring:
        r"""Return it from its x and y in turn.

        Examples
        --------
        >>> Ring.of([1.0, 2.5])
        Ring(corners=1, points=' 10\n1.0\n 20\n2.5\n')
        """
        count = len(numbers) // 2
        return cls(count, _VERTEX * count % tuple(numbers))

    def values(self) -> dict[str, object]:
        """Return what fills the gaps of `Moulds.chain`."""
        return {"count": self.corners, "points": self.points}


def rings_of(area: shapely.Geometry) -> list[Ring]:
    """Return the rings of one polygon, its shell first."""
    rings = shapely.get_rings([area])
    return [Ring.of(shapely.get_coordinates(ring)[:-1].ravel().tolist()) for ring in rings]


def ring_paths(rings: Sequence[Ring]) -> str:
    """Return the rings of a filled area as they stand in a file."""
    return "".join(
        f" 92\n{_HOLE if position else _SHELL}\n 72\n0\n 73\n1\n 93\n{ring.corners}\n{ring.points} 97\n0\n"
        for position, ring in enumerate(rings)
    )


def _with_gaps(words: str, gaps: Mapping[float, str]) -> str:
    for value, name in gaps.items():
        words = words.replace(f"\n{value}\n", f"\n%({name})s\n")
    return words


def _filled(words: str, old: str, new: str) -> str:
    before, found, after = words.partition(old)
    if not found or old in after:
        raise ValueError(f"an entity is not written as expected: {words!r}")
    return before + new + after
