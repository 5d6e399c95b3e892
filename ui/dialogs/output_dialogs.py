"""Making a drawing, and what it shares with publishing: which revision, against which, and where to."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QWidget

from gis.i18n import tr
from gis.project import Project
from gis.revisions.chapters import parent_of
from layers.revision import WORKING
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog, PathField
from ui.panels.parts import label

SHEETS = ("A0", "A1", "A2", "A3", "A4")
SCALES = (200, 300, 500, 1000, 2000)
FORMATS = (
    ("pdf", Text("PDF（矢量，可印刷）", "PDF (vector, for print)")),
    ("png", Text("PNG 图片", "PNG image")),
    ("svg", Text("SVG 矢量图", "SVG")),
)
_AUTO = 0


class OutputDialog(FormDialog):
    """The part both outputs share: revision and comparison."""

    def __init__(
        self, parent: QWidget, project: Project, view: str, title: Text, intro: Text, act: Text
    ) -> None:
        super().__init__(parent, title, intro, act, 560)
        self.project = project
        self.revision, self.compare = QComboBox(), QComboBox()
        for revision in reversed(project.revisions):
            self.revision.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.revision.addItem(tr("当前方案（未冻结）", "Working plan (not frozen)"), WORKING)
        wanted = view if view != WORKING else (project.revisions[-1].label if project.revisions else WORKING)
        self.revision.setCurrentIndex(self.revision.findData(wanted))
        self.revision.currentIndexChanged.connect(self._on_revision)
        self.add_row(Text("版次", "Revision"), self.revision)
        self.add_row(Text("对比", "Compare with"), self.compare)
        self._fill_compare()

    def _on_revision(self) -> None:
        self._fill_compare()
        self.suggest()

    def _fill_compare(self) -> None:
        chosen = self.revision.currentData()
        older = _line_before(self.project, str(chosen))
        self.compare.clear()
        self.compare.addItem(tr("不对比", "Nothing"), "")
        for revision in self.project.revisions:
            if revision.label in older:
                self.compare.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.compare.setCurrentIndex(self.compare.count() - 1)

    def suggest(self) -> None:
        """Suggest a file name for the answers so far; overridden."""


class DrawDialog(OutputDialog):
    """Asks what to draw as a sheet.

    Signals
    -------
    chosen(str, str, str, object, Path)
        Revision, compared with, sheet, scale (None: as large as fits), file.
    """

    chosen = pyqtSignal(str, str, str, object, object)

    def __init__(self, parent: QWidget, project: Project, view: str, folder: Path) -> None:
        super().__init__(
            parent,
            project,
            view,
            Text("出图", "Make drawing"),
            Text(
                "公示栏图纸：图框、图签、图例、比例尺、指北针、变更清单和版次表一应俱全。",
                "A notice-board sheet with frame, title block, legend, scale bar, changes and revisions.",
            ),
            Text("出图", "Draw"),
        )
        self._folder = folder
        self.sheet, self.scale, self.format = QComboBox(), QComboBox(), QComboBox()
        for name in SHEETS:
            self.sheet.addItem(name, name)
        self.scale.addItem(tr("自动（能放下的最大比例）", "Automatic (largest that fits)"), _AUTO)
        for number in SCALES:
            self.scale.addItem(f"1:{number}", number)
        for ending, words in FORMATS:
            self.format.addItem(tr(words), ending)
        self.format.currentIndexChanged.connect(lambda _: self.suggest())
        self.sheet.currentIndexChanged.connect(lambda _: self.suggest())
        self.path = PathField(
            folder, Text("图纸文件", "Drawing file"), "PDF (*.pdf);;PNG (*.png);;SVG (*.svg)"
        )
        self.add_row(Text("图幅", "Sheet"), self.sheet)
        self.add_row(Text("比例", "Scale"), self.scale)
        self.add_row(Text("格式", "Format"), self.format)
        self.add_row(Text("保存到", "File"), self.path, self.path.browse)
        self.body.addWidget(
            label(
                tr(
                    "460×380 米的小区：A0 用 1:500，A1 用 1:1000。",
                    "A site of 460 × 380 m: A0 at 1:500, A1 at 1:1000.",
                ),
                "faint",
            )
        )
        self.suggest()

    def suggest(self) -> None:
        name = file_stem(self.project, str(self.revision.currentData()))
        self.path.setText(
            str(self._folder / f"{name}-{self.sheet.currentData()}.{self.format.currentData()}")
        )

    def submit(self) -> None:
        ending = str(self.format.currentData())
        self.chosen.emit(
            self.revision.currentData(),
            self.compare.currentData(),
            self.sheet.currentData(),
            self.scale.currentData() or None,
            with_ending(self.path.path, ending),
        )
        self.accept()


def _line_before(project: Project, label: str) -> set[str]:
    """Return the revisions that lead to a state; those of other alternatives do not."""
    older: set[str] = set()
    parent = parent_of(project, label)
    while parent is not None:
        older.add(parent)
        parent = parent_of(project, parent)
    return older


def file_stem(project: Project, revision: str) -> str:
    """Return the name that a file of a revision is suggested to have, without its ending."""
    title = "".join("-" if c in '\\/:*?"<>| ' else c for c in project.snapshot.title)
    return f"{title}-{tr('当前方案', 'working') if revision == WORKING else revision}"


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that ends as it should."""
    return path if path.suffix.lower() == f".{ending}" else path.with_name(f"{path.name}.{ending}")
