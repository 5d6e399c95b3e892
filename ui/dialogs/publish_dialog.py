"""Publishing: what, for whom, what exactly will be public, and what it will look like."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6 import sip
from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QListWidget, QStackedWidget, QWidget

from gis.i18n import tr
from gis.notice_period import NoticePeriod
from gis.progress import Progress
from gis.project import Project
from gis.revisions.chapters import ends_a_line
from layers.changes import JsonValue
from layers.errors import PlanboardError
from layers.text import Text
from ui.dialogs.form_page import FormPage, fit_into, tab_through
from ui.dialogs.period_note import OLD, PERIOD_OVER, PeriodNote, period_told
from ui.dialogs.publish_background import BackgroundPage
from ui.dialogs.publish_pages import NoticePage, TargetPage
from ui.dialogs.publish_photos import PhotosPage
from ui.dialogs.publish_roster import RosterPage
from ui.dialogs.publish_scope import ScopePage
from ui.dialogs.publish_sight import PublishSight
from ui.dialogs.publish_work import Looked, Order, look, make_page, put_preview, write_page, write_site
from ui.dialogs.published_view import PublishedView, chat_words
from ui.dialogs.settings_draft import SettingsDraft
from ui.dialogs.state_choice import unnamed
from ui.dialogs.work_foot import WorkFoot
from ui.dialogs.work_form import WorkForm
from ui.panels.field_editors import finish_typing
from ui.panels.parts import button, column, row, scrolled
from ui.plan_check import PlanCheck
from ui.session import Session
from ui.tasks import Task, Tasks

if TYPE_CHECKING:
    from gis.publish.publication import Page, PublishResult
    from gis.publish.site import SiteResult

MEMORY: Final = "view.publish"
"""Setting: the answers of the last time that are no part of the plan."""
_SETTLE_MS: Final = 350
_LEFT_PX: Final = 400
_NAV_PX: Final = 128
_PHOTOS: Final = 3
LOOKED_UP: Final = Text(
    "已核对完毕。请看过右侧，再按一次“发布”。",
    "It is looked up. Read it on the right, then press Publish again.",
)


class PublishDialog(WorkForm):
    """Asks, shows, publishes, and tells what became of it, in one place.

    Signals
    -------
    findings_requested(str)
        The user wants to read what the check of a state found.
    place_requested(object, str)
        A `LeftOutRow` to see or mend on the map, and the published state.
    published()
        There is another posting.
    open_requested(Path), folder_requested(Path), postings_requested()
    """

    findings_requested = pyqtSignal(str)
    place_requested = pyqtSignal(object, str)
    published = pyqtSignal()
    open_requested = pyqtSignal(object)
    folder_requested = pyqtSignal(object)
    postings_requested = pyqtSignal()

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        view: str,
        folder: Path,
        tasks: Tasks,
        check: PlanCheck,
        before: PublishDialog | None = None,
    ) -> None:
        super().__init__(parent)
        assert session.project is not None
        self.project: Project = session.project
        self._session, self._tasks = session, tasks
        self._task: Task | None = None
        self._looked: Looked | None = None
        self._page: Page | None = None
        self._where = self.pos()
        self.reviewed: Order | None = None
        self._too_early = False
        self.setWindowTitle(tr("发布网页", "Publish page"))
        self.draft = SettingsDraft(self.project.snapshot.settings) if before is None else before.hand_on()
        self.draft.setParent(self)
        self._make_pages(view, folder, check)
        self.sight = PublishSight(self.project, self.draft, self._tasks)
        self._make_foot()
        self._place()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self._connect()
        fit_into(self, parent)
        if before is not None:
            self._go_on_from(before)
        self._on_choice()

    @property
    def order(self) -> Order:
        """What would be published now."""
        settings = {n: v for n, v in self.draft.settings.items() if n != MEMORY}
        return Order(
            project=self.project,
            state=self.target.states.state,
            against=self.target.states.against,
            profile=self.scope.name,
            theme=self.scope.theme_name,
            picture=self.background.picture,
            settings=settings,
            plan=self.project.snapshot,
        )

    @property
    def page(self) -> Page | None:
        """The finished page of what was looked at last, once it is made; never one of an earlier look."""
        made, looked = self._page, self._looked
        return made if made is not None and looked is not None and made.of(looked.draft) else None

    def come_back(self) -> None:
        """Show the form again after somebody went to the map, and look again."""
        self.draft.rebase(self.project.snapshot.settings)
        if not self.isVisible():
            self.show()
            self.move(self._where)
        self.raise_()
        self.activateWindow()
        self._on_choice()

    @property
    def _notes(self) -> tuple[PeriodNote, PeriodNote]:
        return self.target.period, self.notice.period

    @property
    def replaceable(self) -> bool:
        """Whether another form could go on from here: nothing is under way or told at the end."""
        return not self.foot.busy and self.views.currentWidget() is self._form

    def hand_on(self) -> SettingsDraft:
        """Return everything that was answered, for the form that takes this one's place."""
        finish_typing(self)
        self._remember()
        return self.draft.handed_on()

    def submit(self) -> None:
        """Publish, once what will be public has been looked up."""
        finish_typing(self)
        if self.foot.busy:
            return
        if missing := unnamed(self.target.path):
            self.foot.say_problem(missing)
            return
        if not self.order.same_as(self.reviewed):
            self.foot.say_problem(
                Text(
                    "正在核对将要公开的内容，请看过右侧后再发布。",
                    "What will be public is being looked up; read it on the right, then publish.",
                )
            )
            self._on_choice(keep_problem=True)
            self._too_early = True
            return
        if self.target.period.stands_in_the_way:
            self.nav.setCurrentRow(0)
            self.foot.say_problem(PERIOD_OVER)
            return
        self._keep_settings()
        self._publish()

    def look_in_browser(self) -> None:
        """Make the whole page in a temporary folder and open it; nothing is recorded."""
        finish_typing(self)
        order, looked, page = self.order, self._looked, self.page

        def work(progress: Progress) -> Path:
            found = looked if looked is not None and order.same_as(self.reviewed) else look(order, progress)
            made = page if found is looked and page is not None else make_page(found, progress)
            return put_preview(made)

        self.foot.run(Text("生成预览", "Making the preview"), work, self.open_requested.emit)

    def reject(self) -> None:
        """Leave; work under way is stopped first, answers are kept."""
        if self.foot.busy:
            self.foot.stop()
            return
        self._stop_looking()
        if self.views.currentWidget() is self._form:
            finish_typing(self)
            self._keep_settings()
        super().reject()

    # Building.

    def _make_pages(self, view: str, folder: Path, check: PlanCheck) -> None:
        memory = self.draft.get(MEMORY)
        kept = memory if isinstance(memory, dict) else {}
        self.target = TargetPage(self.project, view, folder, check)
        self.target.begin_with(kept.get("site") is True, str(kept.get("folder") or ""))
        wanted, theme = str(kept.get("profile") or "public"), str(kept.get("theme") or "")
        self.scope = ScopePage(self.project, self.draft, wanted, theme)
        self.notice = NoticePage(self.project, self.draft)
        self.photos = PhotosPage(self.project, self.draft, self._tasks)
        self.background = BackgroundPage(self.project)
        self.background.path.setText(str(kept.get("picture") or ""))
        self.background.attribution.setText(str(kept.get("attribution") or ""))
        self.roster = RosterPage(self.draft, self._tasks)
        self.nav, self.pages = QListWidget(), QStackedWidget()
        self.nav.setObjectName("SideNav")
        self.nav.setFixedWidth(_NAV_PX)
        self.nav.setAccessibleName(tr("发布的各项", "Parts of publishing"))
        for title, page in self._parts():
            self.nav.addItem(tr(title))
            self.pages.addWidget(
                _rolling(page) if page in (self.target, self.notice, self.background) else page
            )
        self.nav.setCurrentRow(0)
        self.pages.setMinimumWidth(_LEFT_PX - 60)
        self.pages.setMaximumWidth(_LEFT_PX + 30)

    def _parts(self) -> tuple[tuple[Text, FormPage], ...]:
        return (
            (Text("版次与文件", "File"), self.target),
            (Text("公开范围", "Scope"), self.scope),
            (Text("公示信息", "Notice"), self.notice),
            (Text("照片", "Photos"), self.photos),
            (Text("背景图", "Background"), self.background),
            (Text("名单", "Roster"), self.roster),
        )

    def _make_foot(self) -> None:
        self.look = button(tr("在浏览器中预览", "Preview in the browser"), glyph="browser")
        self.go = button(tr("发布", "Publish"), "primary", "globe-simple")
        self.look.setAutoDefault(False)
        self.foot = WorkFoot(self._tasks, self.look, self.go)

    def _place(self) -> None:
        self.made = PublishedView()
        middle = row(self.nav, spacing=0)
        middle.addWidget(self.pages)
        middle.addWidget(self.sight, 1)
        self._form = QWidget()
        self._form.setLayout(middle)
        self.views = QStackedWidget()
        self.views.addWidget(self._form)
        self.views.addWidget(self.made)
        whole = column(spacing=0)
        whole.addWidget(self.views, 1)
        whole.addWidget(self.foot)
        self.setLayout(whole)
        tab_through(self.nav, self.pages, self.sight, self.foot)
        self.nav.setFocus()

    def _connect(self) -> None:
        self.nav.currentRowChanged.connect(self._on_part)
        self.target.changed.connect(self._on_choice)
        self.target.check.list_requested.connect(self._show_findings)
        for one, other in (self._notes, reversed(self._notes)):
            one.proposed.connect(self._take_period)
            one.yes.toggled.connect(other.yes.setChecked)
            one.yes.toggled.connect(lambda _: self.foot.say_problem(None))
        self.background.changed.connect(self._on_choice)
        self.scope.changed.connect(self._on_choice)
        self.draft.changed.connect(lambda _: self._on_choice())
        self.photos.photo_chosen.connect(self._on_photo)
        self.sight.editor.canvas.boxes_changed.connect(lambda _: self.photos.refresh())
        self.sight.left_out.place_requested.connect(self._go_to_place)
        self.foot.leave_requested.connect(self.reject)
        self.foot.busy_changed.connect(lambda busy: self._form.setEnabled(not busy))
        self.look.clicked.connect(self.look_in_browser)
        self.go.clicked.connect(self.submit)
        self.made.open_requested.connect(self.open_requested)
        self.made.folder_requested.connect(self.folder_requested)
        self.made.postings_requested.connect(self.postings_requested)
        self.made.postings_requested.connect(self.accept)
        self.finished.connect(lambda _: self._stop_looking())

    def _go_on_from(self, before: PublishDialog) -> None:
        """Stand where another form stood: the same state, file and page."""
        self.target.go_on_from(before.target)
        self.nav.setCurrentRow(before.nav.currentRow())
        self.sight.show_tab(before.sight.at)
        self.setGeometry(before.geometry())

    def _take_period(self, period: NoticePeriod) -> None:
        for name, day in period.settings.items():
            self.draft.put(name, day)

    def follow_plan(self) -> None:
        """Take up that the plan, its settings or its revisions are others by now."""
        if not self.foot.busy:
            self.draft.rebase(self.project.snapshot.settings)
            self.target.states.refill()
            self._on_choice()

    # Looking.

    def _on_part(self, at: int) -> None:
        self.pages.setCurrentIndex(at)
        if at == _PHOTOS and self.photos.photos:
            self.sight.show_editor()
            if self.photos.list.currentRow() < 0:
                self.photos.list.setCurrentRow(0)
        else:
            self.sight.leave_editor()

    def _on_photo(self, photo: object) -> None:
        self.sight.editor.show_photo(photo)  # type: ignore[arg-type]
        self.photos.refresh()
        self._on_part(self.nav.currentRow())

    def _on_choice(self, *, keep_problem: bool = False) -> None:
        self._too_early = False
        if not keep_problem:
            self.foot.say_problem(None)
        self.go.setEnabled(True)
        self.sight.state.setText(tr("正在核对将要公开的内容…", "Looking up what will be public…"))
        state = self.target.states.state
        newest = ends_a_line(self.project, state)
        self.notice.show_state(state, newest)
        period, trouble = period_told(self.project, self.draft, state) if newest else (OLD, None)
        for note in self._notes:
            note.show_period(period, trouble)
        self._settle.start()

    def _look(self) -> None:
        """Look up in the background what will be public, and paint it."""
        order = self.order
        if order.same_as(self.reviewed) and self._looked is not None:
            self.sight.tell(self._looked, self.page)
            return
        self.target.check.ask(order.state)
        self._stop_looking()
        self._page = None

        self._task = self._tasks.run(
            Text("核对公开内容", "Looking up what is public"),
            partial(look, order),
            lambda found: self._take(order, found),
            lambda error: self._refuse(order, error),
            quiet=True,
        )

    def _take(self, order: Order, found: Looked) -> None:
        if sip.isdeleted(self) or not order.same_as(self.order):
            return
        self._looked, self.reviewed = found, order
        picture = found.review.content.background
        self.sight.show_found(found)
        self.photos.show_photos(found.photos, order.state)
        self.background.show_size(len(picture.data) if picture else None)
        self.sight.tell(found, self.page)
        self.foot.say_problem(LOOKED_UP if self._too_early else None)
        self._weigh(order, found)

    def _weigh(self, order: Order, found: Looked) -> None:
        """Make the page that was looked at, to say how large it is; publishing only puts it in place."""

        def take(page: Page) -> None:
            if not sip.isdeleted(self) and self._looked is found:
                self._page = page
                self.sight.tell(found, page)

        words = Text("生成网页", "Making the page")
        self._task = self._tasks.run(
            words, partial(make_page, found), take, lambda error: self._refuse(order, error), quiet=True
        )

    def _refuse(self, order: Order, error: PlanboardError) -> None:
        if sip.isdeleted(self) or not order.same_as(self.order):
            return
        self.reviewed = self._looked = self._page = None
        self.sight.clear()
        if error.code.startswith(("publish.background", "raster.")) or error.code == "file.unknown":
            self.background.show_problem(error.message)
        self.foot.say_problem(error.message, error.advice)
        self.go.setEnabled(False)

    def _stop_looking(self) -> None:
        if self._task is not None and self._task.under_way:
            self._task.cancel()

    def _go_to_place(self, place: object) -> None:
        self._stop_looking()
        self._keep_settings()
        self._where = self.pos()
        self.hide()
        self.place_requested.emit(place, self.order.state)

    def _show_findings(self) -> None:
        state = self.order.state
        self.reject()
        self.findings_requested.emit(state)

    # Keeping and publishing.

    def _keep_settings(self) -> None:
        self._remember()
        self.draft.keep(self._session, Text("发布设置", "Publishing settings"))

    def _remember(self) -> None:
        kept: dict[str, JsonValue] = {
            "profile": self.scope.name,
            "theme": self.scope.theme_name or "",
            "site": self.target.site,
            "folder": str(self.target.target.parent),
            "picture": self.background.path.text().strip(),
            "attribution": self.background.attribution.text().strip(),
        }
        usual = {"profile": "public", "theme": "", "site": False, "picture": "", "attribution": ""}
        before = self.draft.get(MEMORY)
        if before is not None or any(kept[name] != value for name, value in usual.items()):
            self.draft.put(MEMORY, kept)

    def _publish(self) -> None:
        order, out = self.order, self.target.target
        if self.target.site:
            title = Text("发布网站", "Publishing the site")
            self.foot.run(title, partial(write_site, order, out), partial(self._show_site, order))
        else:
            title = Text("发布网页", "Publishing the page")
            assert self._looked is not None, "nothing is published that was not looked at"
            work = partial(write_page, order, self._looked, self.page, out)
            self.foot.run(title, work, partial(self._show_page, order))

    def _show_page(self, order: Order, result: PublishResult) -> None:
        assert self._looked is not None
        said = self._looked.draft.snapshot  # an older revision says its own notice period
        words = chat_words(said, order.state, self._title_of(order.state), result.path.name)
        self.made.show_page(result.path, result.bytes, result.sha256, len(result.removed), words)
        self._finish()

    def _show_site(self, order: Order, result: SiteResult) -> None:
        newest = self.project.revisions[-1]
        words = chat_words(order.snapshot, newest.label, newest.title, "")
        self.made.show_site(result.index, len(result.written), len(result.pages), words)
        self._finish()

    def _title_of(self, state: str) -> str:
        return next((one.title for one in self.project.revisions if one.label == state), "")

    def _finish(self) -> None:
        self.views.setCurrentWidget(self.made)
        self.look.hide()
        self.go.hide()
        self.made.open.setFocus()
        self.published.emit()


def _rolling(page: QWidget) -> QWidget:
    """Return a page that scrolls on a small screen, without a stop of its own for Tab."""
    area = scrolled(page)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
