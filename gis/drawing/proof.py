"""A proof of a sheet: its pages as small pictures, before any file is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PyQt6.QtCore import QSize
from PyQt6.QtGui import QImage, QPainter

from gis.drawing.board_words import BoardWords
from gis.drawing.draw import Painted, compared_state, now_of, sheet_of, underlay_of
from gis.drawing.layout import count
from gis.drawing.paper import SCALES, Paper, fits, paper_named
from gis.drawing.targets import Page
from gis.edit.themes import with_theme
from gis.links import published_address
from gis.progress import Progress
from gis.render.application import ensure_application
from gis.render.underlay import ProjectUnderlay
from gis.revisions.chapters import revisions_to
from gis.roster import names_of
from layers.changes import JsonValue
from layers.errors import Finding
from layers.text import Language, Text

if TYPE_CHECKING:
    from gis.project import Project

_PX_PER_MM: Final = 6.0
"""The proof is laid out as fine as this and shrunk, so that words break as they do on paper."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants drawn.

    Parameters
    ----------
    revision : str
        Label, or ``"working"``.
    compare : str or None
    sheet : str
        ``A4`` to ``A0``.
    scale : int or None
        Denominator; the largest usual one that fits if None.
    portrait : bool
    language : {"zh", "en"}
    background : bool
        With the pictures and maps that lie below the plan.
    theme : str or None
        Which layers are drawn, and how.
    """

    revision: str
    compare: str | None = None
    sheet: str = "A0"
    scale: int | None = None
    portrait: bool = False
    language: Language = "zh"
    background: bool = False
    theme: str | None = None

    @property
    def paper(self) -> Paper:
        """The sheet of paper."""
        return paper_named(self.sheet, self.portrait)


@dataclass(frozen=True)
class Proof:
    """A sheet that lies nowhere yet.

    Parameters
    ----------
    pages : tuple of QImage
    scale : int
    changes : int
        Numbered changes on the sheet.
    later : int
        Of them those that stand on further sheets.
    missing : tuple of Text
        Blocks that went to further sheets: legend, quantities, revisions.
    findings : tuple of Finding
        Personal data that was masked; backgrounds that cannot be shown.
    address : str
        What the QR code leads to; empty if there is none.
    """

    pages: tuple[QImage, ...]
    scale: int
    changes: int
    later: int
    missing: tuple[Text, ...]
    findings: tuple[Finding, ...]
    address: str


_BLOCKS: Final = {
    "legend": Text("图例", "the legend"),
    "quantities": Text("工程量", "the quantities"),
    "revisions": Text("版次记录", "the revisions"),
}


def proof_of(
    project: Project,
    wish: Wish,
    settings: Mapping[str, JsonValue] | None = None,
    long_side_px: int = 2000,
    progress: Progress | None = None,
) -> Proof:
    """Return the pages of a sheet as pictures; parameters and errors as of `draw_revision`."""
    told = progress or Progress()
    ensure_application()
    painted, words = _painted(project, wish, settings, told)
    size = _size(wish.paper, long_side_px)
    first = _picture(painted.first, wish.paper, size)
    told.step(0.7, Text("续页", "Further sheets"))
    pages = [first, *(_picture(page, wish.paper, size) for page in painted.further())]
    content, told_first = painted.sheet.content, painted.words
    groups = content.comparison.groups if content.comparison else ()
    missing = tuple(text for name, text in _BLOCKS.items() if told_first and name not in told_first.tables)
    later = count((*told_first.overflow, *told_first.districts)) if told_first else 0
    address = published_address(content.snapshot)
    led_to = content.page_link(address) if address else ""
    below = painted.sheet.underlay
    lost = below.findings if isinstance(below, ProjectUnderlay) else ()
    findings = (*words.findings(), *lost)
    return Proof(tuple(pages), painted.sheet.scale, count(groups), later, missing, findings, led_to)


def pages_of(
    project: Project, wish: Wish, settings: Mapping[str, JsonValue] | None, progress: Progress
) -> Painted:
    """Return what paints the pages of a sheet on any device."""
    return _painted(project, wish, settings, progress)[0]


def fitting_scales(project: Project, wish: Wish) -> tuple[int, ...]:
    """Return the usual scales at which the site lies whole on the sheet, the largest first."""
    state = project.state(wish.revision)
    box = state.extent("boundary") or state.extent()
    if box is None:
        return ()
    width, height = box[2] - box[0], box[3] - box[1]
    return tuple(s for s in SCALES if fits(wish.paper, width, height, s))


def _painted(
    project: Project, wish: Wish, settings: Mapping[str, JsonValue] | None, told: Progress
) -> tuple[Painted, BoardWords]:
    told.step(0.05, Text("比较版次", "Comparing revisions"))
    state, comparison = compared_state(project, wish.revision, wish.compare, settings)
    if wish.theme is not None:
        state = with_theme(state, wish.theme)
    told.step(0.3, Text("整理图面", "Arranging the sheet"))
    words = BoardWords(names_of(now_of(project, settings), project.path))
    sheet = sheet_of(
        state,
        wish.paper,
        wish.scale,
        comparison,
        revisions_to(project, wish.revision),
        wish.language,
        dt.date.today(),
        words,
    )
    told.step(0.5, Text("绘制", "Drawing"))
    below = underlay_of(project, told) if wish.background else None
    return Painted(replace(sheet, underlay=below)), words


def _size(paper: Paper, long_side_px: int) -> QSize:
    shrink = long_side_px / max(paper.width_mm, paper.height_mm)
    return QSize(round(paper.width_mm * shrink), round(paper.height_mm * shrink))


def _picture(page: Page, paper: Paper, size: QSize) -> QImage:
    image = QImage(size, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    shrink = size.width() / (paper.width_mm * _PX_PER_MM)
    painter.scale(shrink, shrink)
    try:
        page(painter, _PX_PER_MM)
    finally:
        painter.end()
    return image
