"""Sheet sizes and frames.

Sizes and margins after GB/T 50001: the binding edge is 25 mm; the other edges
are 10 mm on A0-A2 and 5 mm on A3 and A4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.errors import UsageError
from layers.text import Text

BINDING_MM = 25.0
SMALLEST_TYPE_MM = {"A0": 3.5, "A1": 3.5, "A2": 3.0, "A3": 2.5, "A4": 2.2}
"""Text on boards is read from a metre away; a sheet in the hand may be finer."""


@dataclass(frozen=True)
class Box:
    """A rectangle on the sheet, millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def inset(self, margin: float) -> Box:
        """Return the box without a margin on all sides."""
        return Box(self.x + margin, self.y + margin, self.width - 2 * margin, self.height - 2 * margin)


@dataclass(frozen=True)
class Type:
    """Heights of letters in millimetres for one sheet size."""

    title: float
    heading: float
    body: float
    small: float


@dataclass(frozen=True)
class Paper:
    """A sheet, with what its reading distance asks for.

    Parameters
    ----------
    name : str
    width_mm, height_mm : float
    margin_mm : float
        Edges other than the binding edge.
    words_mm : float
        Width of the column beside the map, or height of the columns below it.
    type : Type
        The largest type; a full column is set smaller.
    symbol_scale : float
        How much larger map symbols and labels are than at arm's length.
    sign_mm : float
        Side of the triangles on the map: numbers of two digits reach the smallest type of the sheet's map.
    below : bool
        Whether the words stand in columns below the map, under a title as wide as the sheet.
    """

    name: str
    width_mm: float
    height_mm: float
    margin_mm: float
    words_mm: float
    type: Type
    symbol_scale: float
    sign_mm: float
    below: bool = False

    def with_words(self, size_mm: float) -> Paper:
        """Return the sheet with another share for the words."""
        return replace(self, words_mm=size_mm)

    def with_words_below(self) -> Paper:
        """Return the sheet with its words below the map."""
        return replace(self, below=True, words_mm=self.frame.height * BELOW)

    @property
    def sheet(self) -> Box:
        """The paper."""
        return Box(0.0, 0.0, self.width_mm, self.height_mm)

    @property
    def frame(self) -> Box:
        """The inner frame, inside binding edge and margins."""
        return Box(
            BINDING_MM,
            self.margin_mm,
            self.width_mm - BINDING_MM - self.margin_mm,
            self.height_mm - 2 * self.margin_mm,
        )

    @property
    def title(self) -> Box:
        """The strip above the map, if the words stand below it; else it has no height."""
        frame = self.frame
        return Box(frame.x, frame.y, frame.width, self._title_mm if self.below else 0.0)

    @property
    def map(self) -> Box:
        """Where the map lies."""
        frame = self.frame
        if not self.below:
            return Box(frame.x, frame.y, frame.width - self.words_mm, frame.height)
        top = self.title.bottom
        return Box(frame.x, top, frame.width, frame.bottom - self.words_mm - top)

    @property
    def words(self) -> Box:
        """Where legend, changes, tables and foot stand; beside the map, the title, too."""
        frame, map_ = self.frame, self.map
        if self.below:
            return Box(frame.x, map_.bottom, frame.width, self.words_mm)
        return Box(map_.right, frame.y, self.words_mm, frame.height)

    @property
    def inner(self) -> Box:
        """The words without their padding."""
        return self.words.inset(self.type.body * 1.5)

    @property
    def _title_mm(self) -> float:
        return self.type.title * 1.85 + self.type.body * 2.4

    def columns(self, foot_mm: float, count: int | None = None) -> tuple[Box, ...]:
        """Return the columns of words above a foot of that height: `count`, or as many as are usual."""
        inner, gap = self.inner, self.type.body * 2.5
        height = inner.height - foot_mm
        usual = PAPERS[self.name].words_mm - self.type.body * 3
        if count is None:
            count = max(1, int((inner.width + gap) / (usual * 0.85 + gap))) if self.below else 1
        width = (inner.width - (count - 1) * gap) / count
        return tuple(Box(inner.x + n * (width + gap), inner.y, width, height) for n in range(count))


BELOW = 0.32
"""Least share of the height for words below the map: the foot, and some columns above it."""

PAPERS = {
    paper.name: paper
    for paper in (
        Paper("A0", 1189, 841, 10, 174, Type(28.0, 11.0, 7.0, 5.6), 1.3, 14.0),
        Paper("A1", 841, 594, 10, 158, Type(20.0, 8.0, 5.2, 4.4), 1.1, 12.0),
        Paper("A2", 594, 420, 10, 104, Type(14.0, 6.0, 4.0, 3.5), 0.95, 10.0),
        Paper("A3", 420, 297, 5, 84, Type(10.0, 4.4, 3.2, 2.7), 0.75, 7.0),
        Paper("A4", 297, 210, 5, 66, Type(7.5, 3.4, 2.6, 2.3), 0.6, 5.6),
    )
}

SCALES = (
    *(100, 150, 200, 250, 300, 400, 500, 600, 750, 1000, 1500, 2000, 2500, 3000, 4000, 5000),
    *(7500, 10000, 12500, 15000, 20000, 25000, 50000),
)
"""Scale denominators offered when the user does not insist on one."""


def paper_named(name: str, portrait: bool = False) -> Paper:
    """Return a sheet size by name, in any case, lying or standing.

    Raises
    ------
    UsageError
        If there is no such size.
    """
    paper = PAPERS.get(name.upper())
    if paper is None:
        raise UsageError(
            Text("没有图幅“{name}”。", "There is no sheet size “{name}”.").format(name=name),
            Text("可用图幅：{sizes}", "Sizes: {sizes}").format(sizes=", ".join(PAPERS)),
            code="sheet.unknown",
        )
    return replace(paper, width_mm=paper.height_mm, height_mm=paper.width_mm) if portrait else paper


CLEAR_MM = 6.0
"""Between the site and the edge of the map."""


def arranged(paper: Paper, width_m: float, height_m: float, scale: int | None = None) -> tuple[Paper, int]:
    """Return where the words of a sheet stand, and the scale of its map.

    They stand beside the map, unless that has to be smaller than with the words below: a wide site on an
    upright sheet.

    Parameters
    ----------
    paper : Paper
    width_m, height_m : float
        Of the ground that the map shows whole.
    scale : int, optional
        Denominator; the largest usual scale that holds the ground if not given.

    Raises
    ------
    ValueError
        If the ground is too large for the sheet.
    """
    ways = [(way, _best(way, width_m, height_m)) for way in (paper, paper.with_words_below())]
    ways.sort(key=lambda one: one[1] or SCALES[-1] * 2)
    for way, best in ways:
        chosen = scale or best
        if chosen is not None and _holds(way, width_m, height_m, chosen):
            return way, chosen
    raise ValueError(f"no room for {width_m} x {height_m} m at {scale}")


def fits(paper: Paper, width_m: float, height_m: float, scale: int) -> bool:
    """Tell whether ground of that size lies on the map of a sheet, with some clearance."""
    return any(_holds(way, width_m, height_m, scale) for way in (paper, paper.with_words_below()))


def best_scale(paper: Paper, width_m: float, height_m: float) -> int | None:
    """Return the largest usual scale (smallest denominator) that holds the ground, or None."""
    return next((s for s in SCALES if fits(paper, width_m, height_m, s)), None)


def _best(paper: Paper, width_m: float, height_m: float) -> int | None:
    return next((s for s in SCALES if _holds(paper, width_m, height_m, s)), None)


def _holds(paper: Paper, width_m: float, height_m: float, scale: int) -> bool:
    wide = width_m / scale * 1000 + 2 * CLEAR_MM <= paper.map.width
    return wide and height_m / scale * 1000 + 2 * CLEAR_MM <= paper.map.height
