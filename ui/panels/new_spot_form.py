"""The form of a problem spot just placed on the map; saved as one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QWidget
from shapely import Geometry

from gis.edit.features import add_feature
from gis.i18n import tr
from layers.changes import ChangeSet
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.shared_form import FormField
from ui.models.spots import next_code
from ui.panels.feature_form import FeatureForm
from ui.panels.parts import button, column, label, row, scrolled
from ui.session import Session

_ASKED = (
    "title",
    "category",
    "severity",
    "status",
    "rain_date",
    "depth_m",
    "duration_h",
    "weekdays",
    "hours",
    "source",
    "reported_on",
    "description",
    "photos",
)


class NewSpotForm(QWidget):
    """Asks for what a new spot needs. Emits `finished` when saved or given up."""

    finished = pyqtSignal()

    def __init__(self, session: Session, layer_id: str, geometry: Geometry) -> None:
        super().__init__()
        self.setObjectName("PanelBody")
        self._session = session
        self._layer_id, self._geometry = layer_id, geometry
        snapshot = session.snapshot
        assert snapshot is not None
        layer = snapshot.layers[layer_id]
        self._code = next_code(snapshot, layer_id)
        defaults = {**layer.kind.defaults(), "reported_on": dt.datetime.now().astimezone().date().isoformat()}
        fields = [FormField(f, defaults.get(f.name), False) for f in layer.fields if f.name in _ASKED]
        self.form = FeatureForm(session, fields, hold=True)
        body = QWidget()
        body.setObjectName("PanelBody")
        inner = column(margins=(14, 12, 14, 12), spacing=10)
        inner.addWidget(label(tr("新问题点 {c}", "New spot {c}", c=self._code), "heading"))
        inner.addWidget(label(tr(layer.title), "soft"))
        inner.addWidget(self.form)
        inner.addStretch(1)
        body.setLayout(inner)
        self.setLayout(column(scrolled(body), self._foot(), spacing=0))

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        self.form.focus_first("title")

    def save(self) -> None:
        """Add the spot to the plan if every field is right."""
        self._commit_focus()
        if not self.form.check():
            return
        values = {name: value for name, value in self.form.values().items() if value not in (None, "")}
        values["code"] = self._code
        added: list[tuple[str, str]] = []
        project, photos = self._session.project, self.form.held_photos

        def edit(snapshot: Snapshot) -> ChangeSet:
            for data, name in photos:
                project.add_photo(data, name)  # type: ignore[union-attr]  # there is none to edit without
            changes = add_feature(snapshot, self._layer_id, self._geometry, values)
            added.extend(changes.features)
            return changes

        def done() -> None:
            self.finished.emit()
            self._session.select(added)

        self._session.run(Text("添加问题点 {c}", "Add spot {c}").format(c=self._code), edit, done)

    def _commit_focus(self) -> None:
        """Let an editor that is being typed in take over its text."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()

    def _foot(self) -> QWidget:
        return form_foot(self, Text("保存问题点", "Save spot"), self.save, self.finished.emit)


def form_foot(form: QWidget, words: Text, save: Callable[[], object], drop: Callable[[], object]) -> QWidget:
    """Return the foot of a form for something new: save (Ctrl+Enter) and cancel (Esc)."""
    foot = QWidget()
    foot.setObjectName("PanelFoot")
    foot.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    keep, leave = button(tr(words), "primary"), button(tr("取消", "Cancel"))
    keep.setToolTip("Ctrl+Enter")
    keep.clicked.connect(lambda: save())
    leave.clicked.connect(lambda: drop())
    for keys, do in (("Ctrl+Return", save), ("Esc", drop)):
        QShortcut(QKeySequence(keys), form, do, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
    foot.setLayout(row(None, leave, keep, margins=(14, 10, 14, 10)))
    return foot
