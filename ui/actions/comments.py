"""Comments and the ledger: adding, pasting, going to what they are about, tables for others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QApplication, QMenu
from shapely import Geometry, Point

from gis.i18n import language, tr
from gis.progress import Progress
from gis.project import Project
from gis.revisions.chapters import chapters_to, compare_states, parent_of
from gis.revisions.comparison import ChangeGroup, Comparison
from layers.changes import Key
from layers.codes import code_of
from layers.errors import NotFoundError
from layers.feature import Feature
from layers.revision import FIRST_OBJECT, WORKING
from layers.schema import Value
from layers.snapshot import Snapshot
from layers.text import Text
from ui.dialogs.table_choice import TableChoice, ask_table, masks_told
from ui.models.coordinates import roomy
from ui.models.words import state_title
from ui.opening import tell_written

if TYPE_CHECKING:
    from gis.publish.comment_text import CommentText
    from gis.revisions.ledger import Ledger
    from ui.actions.revisions import RevisionActions
    from ui.workplace import Workplace


@dataclass(frozen=True)
class Subject:
    """What a pasted comment is about: its place, if it could be found, and the code people know it by."""

    comment: CommentText
    place: Geometry | None
    about: str


class CommentActions(QObject):
    """What the lists of comments and of the ledger ask for."""

    def __init__(self, window: Workplace, revisions: RevisionActions) -> None:
        super().__init__(window)
        self._window, self._revisions = window, revisions
        self._session = window.session
        self._waiting: list[Subject] = []

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        show = self._window.show_page
        return {
            "comments.show": lambda: show("comments"),
            "comments.add": lambda: self.add(None),
            "comments.paste": self.paste,
            "ledger.show": lambda: show("ledger"),
            "ledger.export": self.export_ledger,
            "changes.export": self.export_changes,
        }

    def add(self, place: Geometry | None) -> None:
        """Open the form of a comment."""
        self._waiting = []
        self._begin(place, {})

    def offer_here(self, menu: QMenu, _keys: object, world: tuple[float, float]) -> None:
        """Add to the menu of a place on the map."""
        if not self._session.editable:
            return
        menu.addSeparator()
        act = menu.addAction(tr("在此处添加居民意见…", "Add a comment here…"))
        if act is not None:
            act.triggered.connect(lambda: self.add(Point(world)))

    def paste(self) -> None:
        """Read comments that were copied from the page out of the clipboard, and open their forms in turn."""
        from gis.publish.comment_text import parse_comments  # late: a window opens sooner without publishing

        clipboard = QApplication.clipboard()
        found = parse_comments(clipboard.text() if clipboard is not None else "")
        project = self._session.project
        if not found or project is None:
            self._session.tell(
                Text(
                    "剪贴板里没有可以识别的意见。", "The clipboard holds no comment that can be recognised."
                ),
                "warning",
                Text(
                    "请先复制居民发来的整段文字，开头像“【改造意见 R3-7】”。",
                    "Copy the whole text a resident sent; it begins like “[Plan comment R3-7]”.",
                ),
            )
            return

        def work(progress: Progress) -> list[Subject]:
            progress.check()
            return [_subject(project, comment) for comment in found]

        self._window.tasks.run(Text("读取意见", "Reading comments"), work, self._take)

    def show_change(self, number: str) -> None:
        """Show a change, ``R2-3``, with its revision compared, or an object, ``R2-1704``."""
        from gis.publish.comment_text import CommentText

        project = self._session.project
        label, _, at = number.rpartition("-")
        if project is not None and at.isdigit() and int(at) >= FIRST_OBJECT:
            self._show_object(project, CommentText(label, int(at)))
            return
        label = _label_of(project, label) if project is not None else label
        parent = parent_of(project, label) if project is not None and at.isdigit() else None
        if project is None or parent is None:
            words = Text("找不到变更 {n}。", "There is no change {n}.").format(n=number)
            self._session.tell(words, "warning")
            return

        def done(found: tuple[Snapshot, Comparison]) -> None:
            state, comparison = found
            group = next((g for g in comparison.groups if g.number == int(at)), None)
            self._revisions.show_found(project, label, state, comparison)
            self._window.show_page("changes")
            if group is not None:
                self._session.zoom_requested.emit(roomy(group.cloud.bounds))

        title = Text("打开变更 {n}", "Opening change {n}").format(n=number)
        self._window.tasks.run(title, lambda progress: _compared(project, label, parent, progress), done)

    def _show_object(self, project: Project, named: CommentText) -> None:
        """Select the object of a number as it is on screen; say so if it is not there any more."""

        def done(found: tuple[Key, Feature] | None) -> None:
            snapshot = self._session.snapshot
            feature = snapshot.feature(found[0]) if snapshot is not None and found is not None else None
            if found is None or feature is None:
                words = Text(
                    "这里没有对象 {n}，可能已被删除。", "Object {n} is not here; it may have been removed."
                )
                self._session.tell(words.format(n=named.label), "warning")
                return
            self._session.select([found[0]])
            if feature.geometry is not None and not feature.geometry.is_empty:
                self._session.zoom_requested.emit(roomy(feature.geometry.bounds))

        title = Text("查找对象 {n}", "Finding object {n}").format(n=named.label)
        self._window.tasks.run(title, lambda _progress: _object_of(project, named), done)

    def read_ledger(self, done: Callable[[Ledger], None]) -> None:
        """Read the ledger off the revisions in the background."""
        project = self._session.project
        if project is None:
            return
        task = self._window.tasks.run(
            Text("读取台账", "Reading the ledger"),
            lambda progress: _ledger(project, progress),
            lambda found: done(found) if self._session.project is project else None,
            quiet=True,
        )
        task.ended.connect(lambda *_: self._window.ledger.stop_waiting())

    def export_ledger(self) -> None:
        """Ask for a file, and write what was asked for and what was changed as a table."""
        project = self._session.project
        choice = self._ask_out(Text("导出台账", "Export the ledger"), Text("台账", "ledger"))
        if project is None or choice is None:
            return

        def work(progress: Progress) -> tuple[Path, Text]:
            from gis.revisions.ledger_table import ledger_sheets
            from gis.revisions.sheet_writing import write_sheets
            from gis.roster import masks_for

            masks = masks_for(project.snapshot, project.path, internal=choice.internal)
            sheets = ledger_sheets(_ledger(project, progress))
            return write_sheets(sheets, choice.out, language(), masks)[0], masks_told(masks)

        self._window.tasks.run(Text("导出台账", "Exporting the ledger"), work, self._on_written)

    def export_changes(self) -> None:
        """Ask for a file, and write the comparison on screen as a table or as GeoJSON."""
        comparison, snapshot = self._session.comparison, self._session.snapshot
        project = self._session.project
        if comparison is None or snapshot is None or project is None:
            return
        before, after = state_title(comparison.before), state_title(comparison.after)
        name = Text("变更 {a}-{b}", "changes {a}-{b}").format(a=before, b=after)
        choice = self._ask_out(Text("导出变更表", "Export the changes"), name, geojson=True)
        if choice is None:
            return

        def work(progress: Progress) -> tuple[Path, Text]:
            from gis.revisions.change_table import write_changes
            from gis.roster import masks_for

            progress.check()
            masks = masks_for(project.snapshot, project.path, internal=choice.internal)
            return write_changes(comparison, snapshot, choice.out, language(), masks)[0], masks_told(masks)

        self._window.tasks.run(Text("导出变更表", "Exporting the changes"), work, self._on_written)

    def _take(self, subjects: list[Subject]) -> None:
        self._waiting = subjects
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            return
        subject, self._waiting = self._waiting[0], self._waiting[1:]
        values: dict[str, Value] = {
            "text": subject.comment.words or None,
            "about": subject.about,
            "channel": "group",
        }
        if self._waiting:
            words = Text("还有 {n} 条意见等待填写。", "{n} more comments follow.")
            self._session.tell(words.format(n=len(self._waiting)))
        self._begin(subject.place, values)

    def _begin(self, place: Geometry | None, values: dict[str, Value]) -> None:
        snapshot = self._session.snapshot
        layers = snapshot.with_role("comment") if snapshot is not None else ()
        if not self._session.may_edit():
            return
        if not layers:
            words = Text("项目里没有居民意见图层。", "The project has no layer for comments.")
            self._session.tell(words, "warning")
            return
        self._window.attributes_dock.show()
        form = self._window.attributes.begin_comment(layers[0].id, place, values)
        form.place_wanted.connect(lambda: self._window.picker.start(form.set_place))
        form.finished.connect(self._on_finished)
        form.destroyed.connect(self._window.picker.stop)
        if place is not None:
            self._session.zoom_requested.emit(roomy(place.bounds))

    def _on_finished(self, saved: bool) -> None:
        self._window.picker.stop()
        if saved:
            self._next()
        elif self._waiting:  # one that is given up takes no other with it
            words = Text("这一条没有保存；还有 {n} 条意见等待填写。", "Not saved; {n} more comments follow.")
            self._session.offer(
                words.format(n=len(self._waiting)), [(Text("下一条", "The next one"), self._next)]
            )

    def _ask_out(self, title: Text, name: Text, *, geojson: bool = False) -> TableChoice | None:
        snapshot = self._session.snapshot
        if snapshot is None:
            return None
        stem = "".join("-" if c in '\\/:*?"<>| ' else c for c in f"{snapshot.title}-{tr(name)}")
        start = self._window.folder / f"{stem}.xlsx"
        return ask_table(self._window, title, start, geojson=geojson)

    def _on_written(self, written: tuple[Path, Text]) -> None:
        tell_written(self._session, *written)


def _subject(project: Project, comment: CommentText) -> Subject:
    """Return what a comment is about; a problem spot by its own code, which its ledger and its form know."""
    found = _object_of(project, comment)
    code = found[1].attributes.get("code") if found is not None else None
    asked = project.snapshot.with_role("drainage-spot", "traffic-spot") if found is not None else ()
    is_spot = found is not None and found[0][0] in {layer.id for layer in asked}
    return Subject(comment, _place_of(project, comment), str(code) if is_spot and code else comment.label)


def _place_of(project: Project, comment: CommentText) -> Geometry | None:
    """Return where the change or object of a number is, in its revision; None if it is unknown."""
    if comment.number < FIRST_OBJECT:
        label = _label_of(project, comment.revision)
        try:
            group = _group(project, label, comment.number)
        except NotFoundError:
            return None
        return group.anchor if group is not None else None
    found = _object_of(project, comment)
    geometry = found[1].geometry if found is not None else None
    return None if geometry is None or geometry.is_empty else geometry.representative_point()


def _object_of(project: Project, comment: CommentText) -> tuple[Key, Feature] | None:
    """Return the object of a number as its revision has it; None if there is none or it is a change."""
    from gis.publish.numbering import feature_numbered

    try:
        state = project.state(_label_of(project, comment.revision))
    except NotFoundError:
        return None
    key = feature_numbered(state, comment.number)
    feature = state.feature(key) if key is not None else None
    return None if key is None or feature is None else (key, feature)


def _label_of(project: Project, label: str) -> str:
    """Return the label of a revision that is meant: r3 and Ｒ３ are R3."""
    labels = {code_of(one.label): one.label for one in project.revisions}
    return labels.get(code_of(label), label)


def _group(project: Project, label: str, number: int) -> ChangeGroup | None:
    parent = parent_of(project, label)
    if parent is None:
        return None
    groups = compare_states(project, parent, label).groups
    return next((group for group in groups if group.number == number), None)


def _compared(project: Project, label: str, parent: str, progress: Progress) -> tuple[Snapshot, Comparison]:
    state = project.state(label)
    progress.check()
    return state, compare_states(project, parent, label)


def _ledger(project: Project, progress: Progress) -> Ledger:
    from gis.revisions.ledger import ledger_of

    return ledger_of(chapters_to(project, WORKING, progress))
