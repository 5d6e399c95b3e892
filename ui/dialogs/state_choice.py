"""Which state of the plan an output shows, and which one it is compared with."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QComboBox

from gis.i18n import tr
from gis.project import Project
from gis.revisions.chapters import parent_of
from layers.revision import WORKING
from ui.dialogs.form_page import narrow


class StateChoice(QObject):
    """Two drop-downs that belong together: only what led to a state is offered to compare with.

    Signals
    -------
    changed()
        One of the answers is another; once, however many fields follow.
    """

    changed = pyqtSignal()

    def __init__(self, project: Project, view: str, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self.revision, self.compare = narrow(QComboBox()), narrow(QComboBox())
        for revision in reversed(project.revisions):
            self.revision.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.revision.addItem(tr("当前方案（未冻结）", "Working plan (not frozen)"), WORKING)
        newest = project.revisions[-1].label if project.revisions else WORKING
        wanted = self.revision.findData(view if view != WORKING else newest)
        self.revision.setCurrentIndex(max(0, wanted))
        self._fill_compare()
        self.revision.currentIndexChanged.connect(self._on_revision)
        self.compare.currentIndexChanged.connect(self.changed)

    @property
    def state(self) -> str:
        """Label of the revision, or ``"working"``."""
        return str(self.revision.currentData())

    @property
    def against(self) -> str | None:
        """Label of the revision compared with, if any."""
        return str(self.compare.currentData() or "") or None

    def _on_revision(self) -> None:
        self._fill_compare()
        self.changed.emit()

    def _fill_compare(self) -> None:
        older = _line_before(self._project, self.state)
        self.compare.blockSignals(True)
        self.compare.clear()
        self.compare.addItem(tr("不对比", "Nothing"), "")
        for revision in self._project.revisions:
            if revision.label in older:
                self.compare.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.compare.setCurrentIndex(self.compare.count() - 1)
        self.compare.blockSignals(False)


def _line_before(project: Project, label: str) -> set[str]:
    """Return the revisions that lead to a state; those of other alternatives do not."""
    older: set[str] = set()
    parent = parent_of(project, label)
    while parent is not None:
        older.add(parent)
        parent = parent_of(project, parent)
    return older


def output_stem(project: Project, state: str) -> str:
    """Return the name that a file of a state is suggested to have, without its ending."""
    title = "".join("-" if c in '\\/:*?"<>| ' else c for c in project.snapshot.title)
    return f"{title}-{tr('当前方案', 'working') if state == WORKING else state}"


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that ends as it should."""
    return path if path.suffix.lower() == f".{ending}" else path.with_name(f"{path.name}.{ending}")
