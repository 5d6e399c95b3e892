"""Properties: the form of what is selected, a new spot's form, or the plan in numbers."""

from __future__ import annotations

from collections.abc import Mapping

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget
from shapely import Geometry

from gis.edit.features import set_attributes
from gis.i18n import tr
from layers.changes import ChangeSet
from layers.codes import split_codes
from layers.layer import Layer
from layers.revision import WORKING
from layers.schema import Value
from layers.text import Text, date_words, same
from ui.canvas.newest_job import NewestJob
from ui.models.comments import about
from ui.models.overview import facts_of
from ui.models.postings import rows_of
from ui.models.references import Reference, references_of
from ui.models.shared_form import MANY_SELECTED, Form, form_of, geometry_words
from ui.models.words import feature_title, moment_words
from ui.panels.feature_form import FeatureForm
from ui.panels.new_comment_form import NewCommentForm
from ui.panels.new_spot_form import NewSpotForm
from ui.panels.parts import (
    Chip,
    Elided,
    Wording,
    clear,
    column,
    dress_panel,
    icon_button,
    label,
    row,
    rule,
    scrolled,
)
from ui.session import Session
from ui.spare_thread import SpareThread
from ui.theme.tokens import theme

_MARGINS = (14, 12, 14, 16)


class AttributesPanel(QWidget):
    """Shows and edits the selection.

    Signals
    -------
    draft_changed(bool)
        A form for a new problem spot or comment was opened or closed.
    change_requested(str)
        The user wants to see a numbered change, ``R2-3``.
    """

    draft_changed = pyqtSignal(bool)
    change_requested = pyqtSignal(str)

    def __init__(self, session: Session) -> None:
        super().__init__()
        dress_panel(self)
        self._session = session
        self._words = Wording(session, self)
        self._form: FeatureForm | None = None
        self._shown: Form | None = None
        self._told: QWidget | None = None
        self._built_for: tuple[str, bool] = WORKING, False
        self._draft: NewSpotForm | NewCommentForm | None = None
        self._job = NewestJob(SpareThread(), self)
        self._job.landed.connect(self._on_form)
        self.destroyed.connect(self._job.close)
        self._body = QWidget()
        self._body.setObjectName("PanelBody")
        self._column = column(margins=_MARGINS, spacing=10)
        self._body.setLayout(self._column)
        self._pages = QStackedWidget()
        self._pages.addWidget(scrolled(self._body))
        self.setLayout(column(self._pages, spacing=0))
        for signal in (session.project_opened, session.selection_changed, session.language_changed):
            signal.connect(self.rebuild)
        session.opening_changed.connect(self._on_opening)
        session.changed.connect(self._on_changed)
        for signal in (session.viewed, session.revisions_changed):
            signal.connect(self._on_viewed)
        self.rebuild()

    @property
    def form(self) -> FeatureForm | None:
        """The form on screen, if something is selected."""
        return self._form

    @property
    def draft(self) -> NewSpotForm | NewCommentForm | None:
        """The form of a new problem spot or comment, if one is being entered."""
        return self._draft

    def begin_spot(self, layer_id: str, geometry: Geometry) -> None:
        """Open the form for a problem spot just placed on the map."""
        self._begin(NewSpotForm(self._session, layer_id, geometry))

    def begin_comment(
        self, layer_id: str, place: Geometry | None, values: Mapping[str, Value]
    ) -> NewCommentForm:
        """Open the form for a comment, with what is known already."""
        form = NewCommentForm(self._session, layer_id, place, values)
        self._begin(form)
        return form

    def _begin(self, form: NewSpotForm | NewCommentForm) -> None:
        self.drop_draft()
        self._draft = form
        form.finished.connect(lambda *_: self.drop_draft())
        self._pages.addWidget(form)
        self._pages.setCurrentWidget(form)
        form.begin()
        self.draft_changed.emit(True)

    def drop_draft(self) -> None:
        """Close the form for something new."""
        if self._draft is not None:
            self._pages.removeWidget(self._draft)
            self._draft.deleteLater()
            self._draft = None
            self._pages.setCurrentIndex(0)
            self.draft_changed.emit(False)

    def focus_first(self) -> bool:
        """Put the cursor into the first field; return whether there is one."""
        if self._form is None or not self._form.editors:
            return False
        next(iter(self._form.editors.values())).setFocus()
        return True

    def rebuild(self) -> None:
        """Build the page for the selection anew."""
        clear(self._column)
        self._form = self._shown = self._told = None
        self._built_for = self._session.view, self._session.editable
        self._job.cancel()
        snapshot, chosen = self._session.snapshot, self._session.selection
        if snapshot is None:
            self._build_welcome()
        elif len(chosen) > MANY_SELECTED:
            words = tr("选中 {n} 个对象", "{n} objects selected", n=f"{len(chosen):,}")
            self._column.addWidget(label(words, "heading"))
            self._column.addWidget(label(tr("正在汇总…", "Summing up…"), "soft"))
            self._job.start(lambda _check: form_of(snapshot, chosen))
        elif any(snapshot.feature(key) is not None for key in chosen):
            self._build_form(form_of(snapshot, chosen))
        else:
            self._build_overview()
        self._column.addStretch(1)

    def _on_form(self, form: Form) -> None:
        """Show what a large selection has in common."""
        clear(self._column)
        self._build_form(form)
        self._column.addStretch(1)

    def _build_welcome(self) -> None:
        opening = self._session.opening
        if opening is not None:
            words = tr(Text("正在{what}…", "{what}…").format(what=opening))
            self._column.addWidget(label(words, "heading", wrap=True))
            return
        self._column.addWidget(label(tr("没有打开的项目", "No project is open"), "heading"))
        self._column.addWidget(
            label(
                tr(
                    "新建或打开一个项目，也可以把 .gpkg 文件拖到窗口里。",
                    "Create or open a project, or drop a .gpkg file onto the window.",
                ),
                "soft",
                wrap=True,
            )
        )

    def _on_opening(self) -> None:
        """Tell what is being opened, where no other project is on screen."""
        if self._session.project is None:
            self.rebuild()

    def _build_overview(self) -> None:
        session = self._session
        snapshot = session.snapshot
        assert snapshot is not None
        revision = (
            next((r for r in session.project.revisions if r.label == session.view), None)
            if session.project
            else None
        )
        title = label(
            f"{revision.label} {revision.title}" if revision else snapshot.title, "heading", wrap=True
        )
        self._column.addWidget(title)
        if revision:
            by = " · ".join(p for p in (tr(date_words(revision.created)), revision.author) if p)
            self._column.addWidget(label(by, "soft"))
            if revision.note:
                self._column.addWidget(label(revision.note, wrap=True))
        grid = QGridLayout()
        grid.setContentsMargins(0, 4, 0, 4)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        for at, fact in enumerate(facts_of(snapshot)):
            cell = column(label(fact.value, "number"), label(tr(fact.words), "soft"), spacing=0)
            grid.addLayout(cell, at // 2, at % 2)
        self._column.addLayout(grid)
        self._build_postings(revision.label if revision else "")
        self._column.addWidget(rule())
        for hint in _HINTS_EDIT if session.editable else _HINTS_READ:
            self._column.addWidget(label(tr(hint), "soft", wrap=True))

    def _build_postings(self, label_: str) -> None:
        """Say what was posted of the revision on screen."""
        # The file is busy while an edit is being written; once it is, this is built again.
        project = None if self._session.edits.busy else self._session.project
        every = rows_of(project.postings, project.revisions) if project else ()
        rows = [one for one in every if one.posting.revision == label_]
        if not rows:
            return
        self._column.addWidget(rule())
        self._column.addWidget(label(tr("公示记录", "Postings"), "section"))
        for one in rows:
            name = Elided()
            name.setText(one.posting.file_name)
            self._column.addWidget(name)
            parts = (one.what, one.readers, moment_words(one.posting.created), one.standing)
            self._column.addWidget(label(" · ".join(tr(part) for part in parts), "soft", wrap=True))

    def _build_form(self, form: Form) -> None:
        self._shown = form
        if form.first is None:
            return
        self._column.addWidget(self._heading(form))
        fields = [f for f in form.fields if f.field.name != "imported" or f.value]
        self._form = FeatureForm(self._session, fields, photos=len(form.keys) == 1)
        self._form.set_writable(self._session.editable)
        self._form.committed.connect(self._commit)
        self._column.addWidget(self._form)
        if not self._session.editable:
            words = tr("版次和只读项目不能修改。", "Revisions and read-only projects cannot be changed.")
            self._column.addWidget(label(words, "faint", wrap=True))
        self._told = self._told_of(form)
        self._column.addWidget(self._told)

    def _heading(self, form: Form) -> QWidget:
        count = len(form.keys)
        only = len(form.layers) == 1
        layer = form.layers[0]
        name = Elided("heading")
        if count == 1 and form.first is not None:
            name.setText(tr(feature_title(layer, form.first)))
            below = tr(layer.title)
        else:
            name.setText(tr("选中 {n} 个对象", "{n} objects selected", n=count))
            below = tr(layer.title) if only else tr("、", ", ").join(tr(each.title) for each in form.layers)
            below += tr("：修改会用于全部所选", ": an edit goes to all of them")
        zoom, drop = icon_button("crosshair"), icon_button("x")
        zoom.setToolTip(tr("缩放到所选 (Ctrl+J)", "Zoom to selection (Ctrl+J)"))
        drop.setToolTip(tr("取消选择 (Esc)", "Clear selection (Esc)"))
        zoom.clicked.connect(lambda: self._zoom(form))
        drop.clicked.connect(lambda: self._session.select([]))
        head = QWidget()
        inner = column(spacing=0)
        inner.addLayout(row(name, zoom, drop, spacing=2))
        inner.addWidget(label(below, "soft", wrap=True))
        head.setLayout(inner)
        return head

    def _told_of(self, form: Form) -> QWidget:
        """Make what is told below the fields: what it answers, who spoke of it, and its measures."""
        page, inner = QWidget(), column(spacing=10)
        page.setLayout(inner)
        self._tell_answers(form, inner)
        measures = tr(geometry_words(form.shapes))
        if measures:
            inner.addWidget(rule())
            inner.addWidget(label(measures, "soft", wrap=True))
        if not inner.count():
            page.hide()
        return page

    def _tell_answers(self, form: Form, inner: QVBoxLayout) -> None:
        """Add what the object answers or is about, and who spoke of it, as chips that lead there."""
        snapshot, only = self._session.snapshot, form.first if len(form.keys) == 1 else None
        if snapshot is None or only is None:
            return
        for field, title in _CODES:
            codes = split_codes(only.attributes.get(field))
            if codes:
                inner.addWidget(label(tr(title), "section"))
            for reference in references_of(snapshot, codes):
                inner.addWidget(self._chip(reference))
        code = str(only.attributes.get("code") or "")
        comments = about(snapshot, [code]) if code else ()
        if comments:
            inner.addWidget(label(tr("相关意见", "Comments about it"), "section"))
        for comment in comments:
            words = same(f"{comment.code} {comment.gist}")
            inner.addWidget(self._chip(Reference(comment.code, words, comment.key)))

    def _chip(self, reference: Reference) -> Chip:
        colors = theme()
        tones = (colors.accent, colors.accent_soft)
        if not reference.known:
            tones = (colors.danger, colors.danger_soft)
        chip = Chip(tr(reference.words), *tones, leads=reference.known)
        chip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        chip.setMaximumWidth(chip.sizeHint().width())
        chip.setToolTip(tr(reference.words))
        key = reference.key
        if key is not None:
            chip.clicked.connect(lambda: self._go_to_spot(key))
        elif reference.is_number:
            chip.clicked.connect(lambda: self.change_requested.emit(reference.code))
        return chip

    def _go_to_spot(self, key: tuple[str, str]) -> None:
        self._session.select([key])
        self._zoom(self._shown)

    def _zoom(self, form: Form | None) -> None:
        import shapely

        shapes = form.shapes[~shapely.is_missing(form.shapes)] if form else ()
        if len(shapes):
            self._session.zoom_requested.emit(tuple(float(v) for v in shapely.total_bounds(shapes)))

    def _commit(self, name: str, value: Value) -> None:
        form = self._shown
        if form is None:
            return
        title = _edit_title(form, name)
        self._session.run(
            title,
            lambda snapshot: set_attributes(snapshot, form.keys, {name: value}),
            failed=self._refresh,
        )

    def _on_changed(self, changes: ChangeSet) -> None:
        if self._session.view != WORKING:
            return
        if not self._session.selection:
            self.rebuild()
        elif not self._session.selection.isdisjoint(changes.features):
            self._refresh()

    def _on_viewed(self) -> None:
        """Keep the form if it is still about the same: a comparison found anew is no other view.

        Every edit is followed by one while a comparison is on screen; a form built anew
        then would take the next field away from under the hands that type in it.
        """
        if self._form is not None and self._built_for == (self._session.view, self._session.editable):
            self._refresh()
        else:
            self.rebuild()

    def _refresh(self) -> None:
        """Show new values; editors are kept, so that the cursor stays where it is."""
        snapshot = self._session.snapshot
        many = len(self._session.selection) > MANY_SELECTED
        if snapshot is None or self._form is None or self._shown is None or many:
            self.rebuild()
            return
        form = form_of(snapshot, self._session.selection)
        if form.keys != self._shown.keys or form.shape != self._shown.shape:
            self.rebuild()
            return
        self._shown = form
        self._form.show_values(form.fields)
        head = self._column.itemAt(0)
        old = head.widget() if head is not None else None
        if old is not None:
            self._exchange(old, self._heading(form))
        if self._told is not None:
            told = self._told_of(form)
            self._exchange(self._told, told)
            self._told = told

    def _exchange(self, old: QWidget, new: QWidget) -> None:
        self._column.replaceWidget(old, new)
        old.hide()
        old.deleteLater()


def _edit_title(form: Form, name: str) -> Text:
    layer: Layer = form.layers[0]
    field = layer.kind.field(name)
    assert field is not None
    if len(form.keys) == 1 and form.first is not None:
        return Text("修改 {name} 的{field}", "Edit {field} of {name}").format(
            name=feature_title(layer, form.first), field=field.title
        )
    return Text("修改 {n} 个对象的{field}", "Edit {field} of {n} objects").format(
        n=len(form.keys), field=field.title
    )


_CODES = (
    ("answers", Text("回应的问题和意见", "What it answers")),
    ("about", Text("所涉问题和变更", "What it is about")),
)
_HINTS_EDIT = (
    Text(
        "在地图上单击一个对象，这里会显示它的属性，可直接修改。",
        "Click something on the map to see and edit its properties here.",
    ),
    Text(
        "按 D 添加排水问题点，按 T 添加交通堵点。",
        "Press D to add a drainage spot, T for a traffic chokepoint.",
    ),
    Text(
        "按 Ctrl+K 查找楼号、编号、坐标或命令。",
        "Press Ctrl+K to find a building, a code, a coordinate or a command.",
    ),
)
_HINTS_READ = (
    Text("在地图上单击一个对象查看它的属性。", "Click something on the map to see its properties."),
)
