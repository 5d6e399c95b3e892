"""From a state of the plan to a sheet in a file."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QPainter

from gis.disk_words import disk_words
from gis.drawing.board_words import BoardWords
from gis.drawing.content import SheetContent
from gis.drawing.layout import Words
from gis.drawing.paper import SCALES, Paper, arranged, best_scale, paper_named
from gis.drawing.sheet import Sheet, on_paper, paint_continuation, paint_page
from gis.drawing.targets import Page, check_ending, write_pdf, write_png, write_svg
from gis.edit.themes import with_theme
from gis.i18n import language as current_language
from gis.notice import as_said
from gis.progress import Progress
from gis.render.application import ensure_application
from gis.render.underlay import ProjectUnderlay
from gis.revisions.chapters import compare_states, ends_a_line, revisions_to
from gis.revisions.comparison import Comparison
from gis.revisions.districts import gathered
from gis.roster import names_of
from layers.changes import JsonValue
from layers.errors import Finding, PublishError, StorageError
from layers.posting import Posting
from layers.revision import Revision
from layers.snapshot import Snapshot
from layers.text import Language, Text

if TYPE_CHECKING:
    from gis.project import Project


@dataclass(frozen=True)
class DrawResult:
    """What was drawn.

    Parameters
    ----------
    paths : tuple of Path
        The file, and further ones if an image needed continuation sheets.
    sheet : str
    scale : int
    changes : int
        Numbered changes on the sheet.
    pages : int
    sha256 : str
        Of the first file.
    findings : tuple of Finding
        Personal data that was masked.
    """

    paths: tuple[Path, ...]
    sheet: str
    scale: int
    changes: int
    pages: int
    sha256: str
    findings: tuple[Finding, ...] = ()


def draw(
    snapshot: Snapshot,
    out: Path,
    *,
    sheet: str = "A0",
    scale: int | None = None,
    comparison: Comparison | None = None,
    revisions: Sequence[Revision] = (),
    language: Language | None = None,
    dpi: int = 150,
    printed_on: dt.date | None = None,
    names: Sequence[str] = (),
    portrait: bool = False,
    underlay: ProjectUnderlay | None = None,
    progress: Progress | None = None,
) -> DrawResult:
    """Draw a state of the plan as a notice-board sheet.

    Parameters
    ----------
    snapshot : Snapshot
        Metric CRS. Only what a board may show is drawn (see `on_paper`).
    out : Path
        ``.pdf`` (vector, searchable), ``.png`` or ``.svg``. Replaced only when
        the new file is complete.
    sheet : str
        ``A4`` to ``A0``.
    scale : int, optional
        Denominator. The largest usual scale that holds the site if not given.
    comparison : Comparison, optional
        Draws numbered clouds and lists the changes.
    revisions : sequence of Revision
        For the revision table, oldest first.
    language : {"zh", "en"}, optional
        The language in force if not given.
    dpi : int
        Of a PNG.
    printed_on : datetime.date, optional
        Date on the sheet of a working plan; today if not given.
    names : sequence of str
        The private roster (`gis.roster.names_of`): masked wherever they stand in a text.
    portrait : bool
        Stand the sheet upright.
    underlay : ProjectUnderlay, optional
        What lies below the plan on the map.

    Raises
    ------
    UsageError, PublishError
        Unknown sheet or ending; nothing to draw; the site does not fit at that scale.
    StorageError
        The file cannot be written; an older one is left as it was.
    """
    told = progress or Progress()
    ending, paper = check_ending(out), paper_named(sheet, portrait)
    ensure_application()
    told.step(0.05, Text("整理图面", "Arranging the sheet"))
    words = BoardWords(names)
    made = sheet_of(snapshot, paper, scale, comparison, revisions, language, printed_on, words)
    if underlay is not None:
        made = replace(made, underlay=underlay)
    painted = Painted(made)
    title = f"{made.content.snapshot.title} {made.content.label}"
    with _Beside(out) as temporary:
        told.step(0.2, Text("绘制", "Drawing"))
        if ending == ".pdf":
            files = write_pdf(temporary, paper, title, painted.further, painted.first)
        elif ending == ".png":
            files = write_png(temporary, paper, dpi, painted.further, painted.first)
        else:
            files = write_svg(temporary, paper, title, painted.further, painted.first)
        told.step(0.95, Text("保存", "Saving"))
        paths = tuple(_moved(file, out.parent) for file in files)
    groups = comparison.groups if comparison else ()
    digest = hashlib.sha256(paths[0].read_bytes()).hexdigest()
    findings = (*words.findings(), *(underlay.findings if underlay is not None else ()))
    return DrawResult(paths, paper.name, made.scale, len(groups), 1 + painted.more, digest, findings)


def underlay_of(project: Project, progress: Progress | None = None) -> ProjectUnderlay | None:
    """Return what lies below the plan on paper: pictures and maps; None if there are none.

    The coordinate grid is left out: coordinates are not public.
    """
    return ProjectUnderlay(project.path, project.snapshot, grid=False, progress=progress) or None


def draw_revision(
    project: Project,
    out: Path,
    *,
    revision: str,
    compare: str | None = None,
    sheet: str = "A0",
    scale: int | None = None,
    language: Language | None = None,
    dpi: int = 150,
    portrait: bool = False,
    settings: Mapping[str, JsonValue] | None = None,
    background: bool = False,
    theme: str | None = None,
    progress: Progress | None = None,
) -> DrawResult:
    """Draw a revision of a project, compared with another if one is named.

    With `background`, the project's visible pictures and maps lie below the plan; the coordinate grid
    does not, for coordinates are not public. A `theme` says which layers are drawn, and how.

    A posting record is kept in the project if a frozen revision was drawn and
    the project may be written. Parameters as of `draw`, and `settings`: where
    title block, contact and notice period are read from, if not from the state.
    """
    told = progress or Progress()
    told.step(0.02, Text("比较版次", "Comparing revisions"))
    state, comparison = compared_state(project, revision, compare, settings)
    if theme is not None:
        state = with_theme(state, theme)
    result = draw(
        state,
        out,
        sheet=sheet,
        scale=scale,
        comparison=comparison,
        revisions=revisions_to(project, revision),
        language=language,
        dpi=dpi,
        names=names_of(now_of(project, settings), project.path),
        portrait=portrait,
        underlay=underlay_of(project, told) if background else None,
        progress=told.part(0.1, 1.0),
    )
    if any(one.label == revision for one in project.revisions) and not project.read_only:
        now = dt.datetime.now().astimezone().isoformat(timespec="seconds")
        project.record_posting(Posting(revision, compare, "notice-board", out.name, result.sha256, now))
    return result


def compared_state(
    project: Project,
    revision: str,
    compare: str | None,
    settings: Mapping[str, JsonValue] | None = None,
) -> tuple[Snapshot, Comparison | None]:
    """Return a state to draw, and what changed since the one that it is compared with."""
    state = project.state(revision)
    comparison = None
    if compare:
        comparison = compare_states(project, compare, revision)
    newest = ends_a_line(project, revision)
    return as_said(state, project.snapshot, settings, newest=newest), comparison


def now_of(project: Project, settings: Mapping[str, JsonValue] | None) -> Snapshot:
    """Return the working plan, with other settings if some are at hand."""
    return project.snapshot if settings is None else replace(project.snapshot, settings=settings)


class Painted:
    """The pages of a sheet; painting the first tells whether there are more."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.more = 0
        self.words: Words | None = None
        self._further: list[Page] = []

    def first(self, painter: QPainter, px_per_mm: float) -> None:
        """Paint the first page."""
        sheet, self.words, sheets = paint_page(painter, px_per_mm, self.sheet)
        self.more = len(sheets)
        self._further = [partial(paint_continuation, sheet=sheet, further=further) for further in sheets]

    def further(self) -> list[Page]:
        """Return what paints the others, once the first is painted."""
        return self._further


def sheet_of(
    snapshot: Snapshot,
    paper: Paper,
    scale: int | None,
    comparison: Comparison | None,
    revisions: Sequence[Revision],
    language: Language | None,
    printed_on: dt.date | None,
    words: BoardWords,
) -> Sheet:
    """Return a sheet ready to be painted; parameters and errors as of `draw`."""
    extent = snapshot.extent("boundary") or snapshot.extent()
    if extent is None:
        raise PublishError(
            Text("方案中还没有任何图形，无法出图。", "There is nothing to draw yet."),
            Text("请先导入或绘制用地红线和建筑。", "Import or draw the site boundary and buildings first."),
            code="draw.empty",
        )
    west, south, east, north = extent
    paper, chosen = _arranged(paper, east - west, north - south, scale)
    content = SheetContent(
        words.snapshot(on_paper(snapshot)),
        gathered(words.comparison(comparison), paper.sign_mm / 1000.0 * chosen),
        tuple(map(words.revision, revisions)),
        language or current_language(),
        printed_on or dt.date.today(),
    )
    return Sheet(paper, chosen, content, (west, south, east, north))


def _arranged(paper: Paper, width_m: float, height_m: float, wanted: int | None) -> tuple[Paper, int]:
    best = best_scale(paper, width_m, height_m)
    if wanted is not None and wanted > 2 * SCALES[-1]:
        raise _too_small(wanted, width_m, height_m, best)
    try:
        return arranged(paper, width_m, height_m, wanted)
    except ValueError:
        raise _too_large(paper, width_m, height_m, wanted, best) from None


def _too_large(
    paper: Paper, width_m: float, height_m: float, wanted: int | None, best: int | None
) -> PublishError:
    advice = (
        Text(
            "{name} 图幅请用 1:{best} 或更小的比例，或换更大的图幅。",
            "Use 1:{best} or smaller on {name}, or a larger sheet.",
        )
        if best
        else Text("请检查用地红线的范围。", "Check the extent of the site boundary.")
    )
    return PublishError(
        Text(
            "场地 {w}×{h} m 在 {name} 图幅上按 1:{scale} 放不下。",
            "The site of {w} × {h} m does not fit on {name} at 1:{scale}.",
        ).format(w=f"{width_m:.0f}", h=f"{height_m:.0f}", name=paper.name, scale=wanted or "?"),
        advice.format(name=paper.name, best=best),
        code="draw.scale",
    )


def _too_small(wanted: int, width_m: float, height_m: float, best: int | None) -> PublishError:
    long_mm = max(width_m, height_m) / wanted * 1000
    advice = Text("建议 1:{best}。", "1:{best} suits it.").format(best=best) if best else None
    return PublishError(
        Text(
            "1:{scale} 太小：整个场地在纸上只有 {mm} mm，看不清任何内容。",
            "1:{scale} is too small: the whole site would be {mm} mm on paper, and nothing could be read.",
        ).format(scale=wanted, mm=f"{long_mm:.2g}"),
        advice,
        code="draw.scale",
    )


class _Beside:
    """A temporary file in the folder of the target, so that the last step is a rename."""

    def __init__(self, out: Path) -> None:
        self._out = out

    def __enter__(self) -> Path:
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=".planboard-", dir=self._out.parent or Path()))
        except OSError as error:
            raise StorageError(
                Text("无法写入文件夹 {folder}：{why}", "Cannot write to the folder {folder}: {why}").format(
                    folder=self._out.parent, why=disk_words(error)
                ),
                Text("请选择一个存在且可写的文件夹。", "Choose a folder that exists and may be written."),
                code="draw.folder",
            ) from error
        return self._folder / self._out.name

    def __exit__(self, *exc: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _moved(file: Path, folder: Path) -> Path:
    try:
        return file.replace(folder / file.name)
    except OSError as error:
        raise StorageError(
            Text("无法替换 {name}：{why}", "Cannot replace {name}: {why}").format(
                name=file.name, why=disk_words(error)
            ),
            Text("文件可能正被其他程序打开。", "Another program may have it open."),
            code="draw.replace",
        ) from error
