"""Which state of the plan an output shows, and which one it is compared with."""

from __future__ import annotations

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLineEdit, QWidget

from gis.i18n import tr
from gis.privacy import masked
from gis.project import Project
from gis.revisions.chapters import line_to
from layers.revision import WORKING
from layers.text import Text
from ui.dialogs.form_page import narrow


class StateChoice(QObject):
    """Two drop-downs that belong together: only what led to a state is offered to compare with.

    Parameters
    ----------
    nothing : bool
        Whether nothing may be compared with. A page tells the changes of every revision, so there the
        question is only since when.

    Signals
    -------
    changed()
        One of the answers is another; once, however many fields follow.
    """

    changed = pyqtSignal()

    def __init__(self, project: Project, view: str, parent: QObject, *, nothing: bool = True) -> None:
        super().__init__(parent)
        self._project, self._nothing, self._every = project, nothing, False
        self.revision, self.compare = narrow(QComboBox()), narrow(QComboBox())
        newest = project.revisions[-1].label if project.revisions else WORKING
        self._fill_states(view if view != WORKING else newest)
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

    def choose(self, state: str, against: str | None) -> None:
        """Choose both; what is not offered stays as it is."""
        at = self.revision.findData(state)
        self.revision.setCurrentIndex(at if at >= 0 else self.revision.currentIndex())
        at = self.compare.findData(against or "")
        self.compare.setCurrentIndex(at if at >= 0 else self.compare.currentIndex())

    def refill(self) -> None:
        """Offer what there is by now, a revision just frozen among it; the answers stay."""
        if self.revision.count() == len(self._project.revisions) + 1:
            return
        state, against = self.state, self.against
        self._fill_states(state)
        self._fill_compare()
        self.choose(state, against)

    def _fill_states(self, wanted: str) -> None:
        self.revision.blockSignals(True)
        self.revision.clear()
        for revision in reversed(self._project.revisions):
            self.revision.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.revision.addItem(tr("当前方案（未冻结）", "Working plan (not frozen)"), WORKING)
        self.revision.setCurrentIndex(max(0, self.revision.findData(wanted)))
        self.revision.blockSignals(False)

    def choose_of_all(self, every: bool) -> None:
        """Ask for all revisions at once, compared with the one before each or with a chosen one."""
        self._every = every
        self.revision.setEnabled(not every)
        if every:
            self.revision.setCurrentIndex(0)
        self._fill_compare()

    def _on_revision(self) -> None:
        self._fill_compare()
        self.changed.emit()

    def _fill_compare(self) -> None:
        older = set(line_to(self._project, self.state)[:-1])
        self.compare.blockSignals(True)
        self.compare.clear()
        if self._nothing or not older:
            words = Text("不对比", "Nothing") if older else Text("没有更早的版次", "There is no earlier one")
            self.compare.addItem(tr(words), "")
        elif self._every:
            self.compare.addItem(tr("每版与上一版", "Each with the one before"), "")
        for revision in self._project.revisions:
            if revision.label in older:
                self.compare.addItem(f"{revision.label}  {revision.title}", revision.label)
        self.compare.setCurrentIndex(0 if self._every else self.compare.count() - 1)
        self.compare.blockSignals(False)


def theme_choice(project: Project, as_now: Text, parent: QWidget) -> QComboBox:
    """Return a drop-down of the project's themes, the first line for none; hidden if there are no themes."""
    from gis.edit.themes import themes_of

    combo = narrow(QComboBox(parent))
    combo.addItem(tr(as_now), "")
    for theme in themes_of(project.snapshot):
        combo.addItem(theme.name, theme.name)
    combo.setVisible(combo.count() > 1)
    return combo


def output_stem(project: Project, state: str) -> str:
    """Return the name that a file of a state is suggested to have, without its ending."""
    title = "".join("-" if c in '\\/:*?"<>| ' else c for c in masked(project.snapshot.title)[0])
    return f"{title}-{tr('当前方案', 'working') if state == WORKING else state}"


def with_ending(path: Path, ending: str) -> Path:
    """Return a path that ends as it should; one without a name stays as it is."""
    return (
        path
        if not path.name or path.suffix.lower() == f".{ending}"
        else path.with_name(f"{path.name}.{ending}")
    )


def unnamed(line: QLineEdit) -> Text | None:
    """Say what is missing where nothing was written to save to, or None; the line is then the place to be."""
    if line.text().strip():
        return None
    line.setFocus()
    return Text("请填写保存到哪里，或点“浏览…”选择。", "Say where to save to, or choose it with Browse.")
