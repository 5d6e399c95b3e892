"""The form of a resident's comment: what was said, about what, and where; saved as one step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QWidget
from shapely import Geometry

from gis.edit.features import add_feature
from gis.i18n import tr
from layers.changes import ChangeSet
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.shared_form import FormField
from ui.models.spots import next_code
from ui.panels.feature_form import FeatureForm
from ui.panels.new_spot_form import form_foot
from ui.panels.parts import button, column, label, row, scrolled
from ui.session import Session

_ASKED = ("gist", "text", "channel", "received_on", "about")


class NewCommentForm(QWidget):
    """Asks for what a comment needs.

    Signals
    -------
    finished(bool)
        Whether it was saved.
    place_wanted()
        The user wants to click on the map; answer with `set_place`.
    """

    finished = pyqtSignal(bool)
    place_wanted = pyqtSignal()

    def __init__(
        self, session: Session, layer_id: str, place: Geometry | None, values: Mapping[str, Value]
    ) -> None:
        super().__init__()
        self.setObjectName("PanelBody")
        self._session, self._layer_id = session, layer_id
        self.place = place
        snapshot = session.snapshot
        assert snapshot is not None
        layer = snapshot.layers[layer_id]
        self.code = next_code(snapshot, layer_id)
        given = {"received_on": dt.datetime.now().astimezone().date().isoformat(), **values}
        fields = [FormField(f, given.get(f.name), False) for f in layer.fields if f.name in _ASKED]
        self.form = FeatureForm(session, fields)
        body = QWidget()
        body.setObjectName("PanelBody")
        inner = column(margins=(14, 12, 14, 12), spacing=10)
        inner.addWidget(label(tr("新意见 {c}", "New comment {c}", c=self.code), "heading"))
        hint = Text(
            "摘要会公开，请勿写姓名、电话和门牌；原文只留在项目里。",
            "The gist is public: no names, phone or room numbers. What was said stays in the project.",
        )
        inner.addWidget(label(tr(hint), "soft", wrap=True))
        inner.addLayout(self._place_row())
        inner.addWidget(self.form)
        inner.addStretch(1)
        body.setLayout(inner)
        foot = form_foot(self, Text("保存意见", "Save comment"), self.save, lambda: self.finished.emit(False))
        self.setLayout(column(scrolled(body), foot, spacing=0))
        self._show_place()

    def begin(self) -> None:
        """Put the cursor where writing begins."""
        self.form.focus_first("gist")

    def set_place(self, place: Geometry | None) -> None:
        """Take a place on the map, or none."""
        self.place = place
        self._show_place()

    def save(self) -> None:
        """Add the comment if every field is right."""
        focused = self.focusWidget()
        if focused is not None:
            focused.clearFocus()  # an editor that is being typed in takes over its text
        if not self.form.check():
            return
        values = {name: value for name, value in self.form.values().items() if value not in (None, "")}
        added: list[tuple[str, str]] = []
        place = self.place

        def edit(snapshot: Snapshot) -> ChangeSet:
            changes = add_feature(snapshot, self._layer_id, place, {**values, "code": self.code})
            added.extend(changes.features)
            return changes

        def done() -> None:
            self.finished.emit(True)
            self._session.select(added)

        self._session.run(Text("添加意见 {c}", "Add comment {c}").format(c=self.code), edit, done)

    def _place_row(self) -> QHBoxLayout:
        self._where = label(role="soft")
        self._pick = button(tr("在地图上点选", "Click on the map"), "link", "map-pin-line")
        self._drop = button(tr("去掉位置", "No place"), "link")
        self._pick.clicked.connect(self.place_wanted)
        self._drop.clicked.connect(lambda: self.set_place(None))
        return row(self._where, None, self._drop, self._pick, spacing=4)

    def _show_place(self) -> None:
        self._where.setText(
            tr("没有位置", "No place") if self.place is None else tr("已定位置", "Placed on the map")
        )
        self._drop.setVisible(self.place is not None)
