"""The sheet: what to draw on which paper, as it will look, to a file or to a printer."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6 import sip
from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QWidget

from gis.i18n import language, tr
from gis.notice_period import NoticePeriod
from gis.progress import Progress
from gis.revisions.chapters import ends_a_line
from layers.background import has_pictures
from layers.changes import JsonValue
from layers.errors import PlanboardError
from layers.text import Text, same
from ui.dialogs.form_page import FormPage, fit_into, narrow, tab_through
from ui.dialogs.period_note import OLD, PERIOD_OVER, PeriodNote, period_told
from ui.dialogs.settings_draft import SettingsDraft
from ui.dialogs.state_choice import StateChoice, output_stem, theme_choice, unnamed, with_ending
from ui.dialogs.work_foot import WorkFoot
from ui.dialogs.work_form import WorkForm
from ui.models.sheet_words import fit_words
from ui.panels.parts import button, column, label, row, scrolled
from ui.panels.sheet_preview import SheetPreview
from ui.session import Session
from ui.tasks import Task, Tasks

if TYPE_CHECKING:
    from PyQt6.QtPrintSupport import QPrintDialog, QPrinter

    from gis.drawing.draw import DrawResult
    from gis.drawing.proof import Proof, Wish

MEMORY: Final = "view.draw"
"""Setting: the answers of the last time that are no part of the plan."""
SHEETS: Final = ("A0", "A1", "A2", "A3", "A4")
FORMATS: Final = (
    ("pdf", Text("PDF（矢量，可印刷）", "PDF (vector, for print)")),
    ("png", Text("PNG 图片", "PNG image")),
    ("svg", Text("SVG 矢量图", "SVG")),
)
RESOLUTIONS: Final = (96, 150, 300)
TITLE_FIELDS: Final = (
    ("draw.name", Text("图名", "Drawing"), Text("改造总平面图", "Site plan")),
    ("publish.office", Text("公示单位", "Issued by"), Text("街道办事处或指挥部", "subdistrict office")),
    ("draw.designer", Text("设计单位", "Designer"), same("")),
    ("draw.number", Text("图号", "Drawing no."), same("")),
    ("draw.drawn_by", Text("制图人", "Drawn by"), same("")),
    ("draw.checked_by", Text("审核人", "Checked by"), same("")),
    ("publish.address", Text("二维码网址", "QR address"), same("https://")),
)
_SETTLE_MS: Final = 300
_AUTO: Final = 0


class DrawDialog(WorkForm):
    """Asks, shows the sheet as it will be, draws it into a file or prints it.

    Signals
    -------
    drawn(DrawResult)
    """

    drawn = pyqtSignal(object)

    def __init__(
        self,
        parent: QWidget,
        session: Session,
        view: str,
        folder: Path,
        tasks: Tasks,
        before: DrawDialog | None = None,
    ) -> None:
        super().__init__(parent)
        assert session.project is not None
        self.project = project = session.project
        self._session, self._tasks, self._folder = session, tasks, folder
        self._task: Task | None = None
        self.proof: Proof | None = None
        self.setWindowTitle(tr("出图", "Make drawing"))
        self.draft = SettingsDraft(project.snapshot.settings) if before is None else before.hand_on()
        self.draft.setParent(self)
        self.states = StateChoice(project, view, self)
        self._make_fields()
        self._make_form()
        self.preview = SheetPreview()
        self._make_foot()
        self._place()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self._recall()
        self._connect()
        fit_into(self, parent)
        self._suggest()
        if before is not None:
            self._go_on_from(before)
        self._on_choice()

    @property
    def wish(self) -> Wish:
        """What would be drawn now."""
        from gis.drawing.proof import Wish

        return Wish(
            revision=self.states.state,
            compare=self.states.against,
            sheet=str(self.sheet.currentData()),
            scale=int(self.scale.currentData() or _AUTO) or None,
            portrait=bool(self.way.currentData()),
            language="en" if self.language.currentData() == "en" else "zh",
            background=self.background.isChecked(),
            theme=str(self.theme.currentData() or "") or None,
        )

    @property
    def replaceable(self) -> bool:
        """Whether another form could go on from here: nothing is under way."""
        return not self.foot.busy

    def hand_on(self) -> SettingsDraft:
        """Return everything that was answered, for the form that takes this one's place."""
        self._remember()
        return self.draft.handed_on()

    def follow_plan(self) -> None:
        """Take up that the plan, its settings or its revisions are others by now."""
        if not self.foot.busy:
            self.draft.rebase(self.project.snapshot.settings)
            self.states.refill()
            self._on_choice()

    @property
    def target(self) -> Path:
        """The file."""
        return with_ending(Path(self.path.text().strip()).expanduser(), str(self.format.currentData()))

    def submit(self) -> None:
        """Draw into the file."""
        if missing := unnamed(self.path):
            self.foot.say_problem(missing)
        elif self.period.stands_in_the_way:
            self.foot.say_problem(PERIOD_OVER)
        elif not self.foot.busy:
            self._keep_settings()
            work = partial(self._drawing, self.wish, self.target, int(self.dpi.currentData()))
            self.foot.run(Text("出图", "Making the drawing"), work, self._on_drawn)

    def print(self) -> None:
        """Ask which printer, then print the sheet."""
        from PyQt6.QtPrintSupport import QPrintDialog, QPrinter

        from gis.drawing.printing import page_layout

        if self.foot.busy:
            return
        if self.period.stands_in_the_way:
            self.foot.say_problem(PERIOD_OVER)
            return
        self._keep_settings()
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(output_stem(self.project, self.states.state))
        printer.setFullPage(True)
        printer.setPageLayout(page_layout(self.wish))
        asking = QPrintDialog(printer, self)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.setWindowTitle(tr("打印图纸", "Print the sheet"))
        asking.accepted.connect(partial(self.print_on, printer))
        self._asking: QPrintDialog = asking
        asking.open()

    def print_on(self, printer: QPrinter) -> None:
        """Print the sheet on a printer that was chosen."""
        wish, settings = self.wish, self.draft.settings

        def work(progress: Progress) -> float:
            from gis.drawing.printing import print_sheet

            return print_sheet(self.project, wish, settings, printer, progress)

        self.foot.run(Text("打印", "Printing"), work, self._on_printed)

    def reject(self) -> None:
        """Leave; work under way is stopped first, answers are kept."""
        if self.foot.busy:
            self.foot.stop()
            return
        self._stop_looking()
        self._keep_settings()
        super().reject()

    # Building.

    def _make_fields(self) -> None:
        self.sheet, self.way, self.scale = QComboBox(), QComboBox(), narrow(QComboBox())
        self.format, self.dpi, self.language = narrow(QComboBox(), 8), QComboBox(), QComboBox()
        for name in SHEETS:
            self.sheet.addItem(name, name)
        self.way.addItem(tr("横放", "Landscape"), False)
        self.way.addItem(tr("竖放", "Portrait"), True)
        self.scale.addItem(tr("自动（放得下的最大比例）", "Automatic (largest that fits)"), _AUTO)
        for ending, words in FORMATS:
            self.format.addItem(tr(words), ending)
        for number in RESOLUTIONS:
            self.dpi.addItem(f"{number} dpi", number)
        self.dpi.setCurrentIndex(1)
        self.dpi.hide()
        self.language.addItem("简体中文", "zh")
        self.language.addItem("English", "en")
        self.language.setCurrentIndex(self.language.findData(language()))
        self.theme = theme_choice(self.project, Text("按现在的样式和筛选", "As the map is now"), self)
        self.background = QCheckBox(tr("影像和在线地图", "Pictures and online maps"), self)
        self.background.setVisible(has_pictures(self.project.snapshot.settings))
        self.path = QLineEdit()
        self._browse = button(tr("浏览…", "Browse…"))
        self._browse.setAutoDefault(False)
        self._browse.clicked.connect(self._ask_path)

    def _make_form(self) -> None:
        self.form = FormPage(
            Text("公示图", "Notice-board sheet"),
            Text(
                "图框、图签、图例、变更清单和版次表自动排好。",
                "Frame, title block, legend and lists lay themselves out.",
            ),
        )
        self.form.add_row(Text("版次", "Revision"), self.states.revision)
        self.form.add_row(Text("对比", "Compare with"), self.states.compare)
        self.form.add_row(Text("图幅", "Sheet"), self.sheet, self.way)
        self.form.add_row(Text("比例", "Scale"), self.scale)
        self.form.add_row(Text("语言", "Language"), self.language)
        if self.theme.count() > 1:
            self.form.add_row(Text("主题", "Theme"), self.theme)
        if has_pictures(self.project.snapshot.settings):
            self.form.add_row(Text("底图", "Background"), self.background)
        self.form.add_row(Text("格式", "Format"), self.format, self.dpi)
        self.form.add_row(Text("保存到", "Save to"), self.path, self._browse)
        self.period = PeriodNote()
        self.form.grid.addWidget(self.period, self.form.grid.rowCount(), 0, 1, 2)
        self.form.add_section(Text("图签（空着的不占位置）", "Title block (what is empty takes no room)"))
        self.fields: dict[str, QLineEdit] = {}
        for name, caption, hint in TITLE_FIELDS:
            line = QLineEdit(self.draft.words(name))
            line.setPlaceholderText(tr(hint))
            line.editingFinished.connect(partial(self._keep_words, name))
            self.fields[name] = line
            self.form.add_row(caption, line)
        self.form.body.addStretch(1)

    def _make_foot(self) -> None:
        self.printing = button(tr("打印…", "Print…"), glyph="printer")
        self.printing.setAutoDefault(False)
        self.printing.clicked.connect(self.print)
        self.go = button(tr("出图", "Draw"), "primary", "file-pdf")
        self.go.clicked.connect(self.submit)
        self.foot = WorkFoot(self._tasks, self.printing, self.go)
        self.told = label(role="soft", wrap=True)

    def _place(self) -> None:
        left = scrolled(self.form)
        left.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        left.setFixedWidth(392)
        right = column(spacing=0)
        right.addWidget(self.preview, 1)
        note = row(self.told, margins=(14, 8, 14, 8))
        right.addLayout(note)
        self._body = QWidget()
        middle = row(left, spacing=0)
        middle.addLayout(right, 1)
        self._body.setLayout(middle)
        whole = column(spacing=0)
        whole.addWidget(self._body, 1)
        whole.addWidget(self.foot)
        self.setLayout(whole)
        tab_through(self.form, self.preview, self.foot)
        self.states.revision.setFocus()

    def _connect(self) -> None:
        self.states.changed.connect(self._suggest)
        for combo in (self.sheet, self.format):
            combo.currentIndexChanged.connect(lambda _: self._suggest())
        for combo in (self.sheet, self.way, self.scale, self.language, self.theme):
            combo.currentIndexChanged.connect(lambda _: self._on_choice())
        self.background.toggled.connect(lambda _: self._on_choice())
        self.states.changed.connect(self._on_choice)
        self.draft.changed.connect(self._on_draft)
        self.period.proposed.connect(self._take_period)
        self.period.yes.toggled.connect(lambda _: self.foot.say_problem(None))
        self.foot.leave_requested.connect(self.reject)
        self.foot.busy_changed.connect(lambda busy: self._body.setEnabled(not busy))
        self.finished.connect(lambda _: self._stop_looking())

    def _go_on_from(self, before: DrawDialog) -> None:
        """Stand where another form stood."""
        self._folder = before._folder
        self.states.choose(before.states.state, before.states.against)
        self.background.setChecked(before.background.isChecked())
        self.path.setText(before.path.text())
        self.setGeometry(before.geometry())

    # Answers.

    def _suggest(self) -> None:
        stem = output_stem(self.project, self.states.state)
        ending = str(self.format.currentData())
        self.dpi.setVisible(ending == "png")
        self.path.setText(str(self._folder / f"{stem}-{self.sheet.currentData()}.{ending}"))

    def _ask_path(self) -> None:
        ending = str(self.format.currentData())
        pattern = f"{ending.upper()} (*.{ending})"
        name, _ = QFileDialog.getSaveFileName(self, tr("图纸文件", "Drawing file"), self.path.text(), pattern)
        if name:
            self.path.setText(name)

    def _keep_words(self, name: str) -> None:
        self.draft.put_words(name, self.fields[name].text().strip())

    def _on_draft(self, name: str) -> None:
        """Show what the answer is by now: a proposal was taken, or a step undone."""
        if name in self.fields and self.fields[name].text().strip() != self.draft.words(name):
            self.fields[name].setText(self.draft.words(name))
        self._on_choice()

    def _take_period(self, period: NoticePeriod) -> None:
        for name, day in period.settings.items():
            self.draft.put(name, day)

    def _recall(self) -> None:
        """Start with the answers of the last time."""
        kept = self.draft.get(MEMORY)
        if not isinstance(kept, dict):
            return
        for combo, name in (
            (self.sheet, "sheet"),
            (self.way, "portrait"),
            (self.format, "format"),
            (self.dpi, "dpi"),
            (self.theme, "theme"),
        ):
            at = combo.findData(kept.get(name))
            combo.setCurrentIndex(at if at >= 0 else combo.currentIndex())
        folder = str(kept.get("folder") or "")
        if folder and Path(folder).is_dir():
            self._folder = Path(folder)
        if isinstance(kept.get("scale"), int):
            self._fill_scales(())
            self._choose_scale(int(kept["scale"]))

    def _keep_settings(self) -> None:
        self._remember()
        self.draft.keep(self._session, Text("出图设置", "Drawing settings"))

    def _remember(self) -> None:
        for name in self.fields:
            self._keep_words(name)
        kept: dict[str, JsonValue] = {
            "sheet": str(self.sheet.currentData()),
            "portrait": bool(self.way.currentData()),
            "scale": int(self.scale.currentData() or _AUTO),
            "format": str(self.format.currentData()),
            "dpi": int(self.dpi.currentData()),
            "theme": str(self.theme.currentData()),
            "folder": str(self.target.parent),
        }
        usual = {"sheet": "A0", "portrait": False, "scale": _AUTO, "format": "pdf", "theme": ""}
        if self.draft.get(MEMORY) is not None or any(kept[n] != v for n, v in usual.items()):
            self.draft.put(MEMORY, kept)

    # Looking.

    def _on_choice(self) -> None:
        self.foot.say_problem(None)
        newest = ends_a_line(self.project, self.states.state)
        told = period_told(self.project, self.draft, self.states.state) if newest else (OLD, None)
        self.period.show_period(*told)
        self.preview.state.setText(tr("正在排版…", "Laying out…"))
        self._settle.start()

    def _look(self) -> None:
        self._stop_looking()
        wish, settings = self.wish, self.draft.settings

        def work(progress: Progress) -> tuple[Proof | PlanboardError, tuple[int, ...]]:
            from gis.drawing.proof import fitting_scales, proof_of

            fitting = fitting_scales(self.project, wish)
            try:
                return proof_of(self.project, wish, settings, progress=progress), fitting
            except PlanboardError as error:
                progress.check()
                return error, fitting

        self._task = self._tasks.run(
            Text("排版", "Laying out"), work, lambda found: self._take(wish, *found), self._refuse, quiet=True
        )

    def _take(self, wish: Wish, found: Proof | PlanboardError, fitting: tuple[int, ...]) -> None:
        if sip.isdeleted(self) or wish != self.wish:
            return
        self._fill_scales(fitting)
        if isinstance(found, PlanboardError):
            self._refuse(found)
            return
        self.proof = found
        self.preview.show_pages(found.pages)
        self.preview.state.setText(f"{wish.sheet}  1:{found.scale}")
        self.told.setText(tr(fit_words(found)))
        self.go.setEnabled(True)
        self.printing.setEnabled(True)

    def _refuse(self, error: PlanboardError) -> None:
        if sip.isdeleted(self):
            return
        self.proof = None
        self.preview.show_pages(())
        self.preview.state.setText("")
        self.told.setText("")
        self.foot.say_problem(error.message, error.advice)
        self.go.setEnabled(False)
        self.printing.setEnabled(False)

    def _fill_scales(self, fitting: tuple[int, ...]) -> None:
        """Offer the scales that fit; one that was chosen stays, so that it is said what is wrong with it."""
        chosen = int(self.scale.currentData() or _AUTO)
        self.scale.blockSignals(True)
        while self.scale.count() > 1:
            self.scale.removeItem(1)
        for number in sorted({*fitting, chosen} - {_AUTO}):
            misfit = "" if not fitting or number in fitting else tr("（放不下）", " (does not fit)")
            self.scale.addItem(f"1:{number}{misfit}", number)
        self.scale.setCurrentIndex(max(0, self.scale.findData(chosen)))
        self.scale.blockSignals(False)

    def _choose_scale(self, number: int) -> None:
        if number and self.scale.findData(number) < 0:
            self.scale.addItem(f"1:{number}", number)
        self.scale.setCurrentIndex(max(0, self.scale.findData(number)))

    def _stop_looking(self) -> None:
        if self._task is not None and self._task.under_way:
            self._task.cancel()

    # Working.

    def _drawing(self, wish: Wish, out: Path, dpi: int, progress: Progress) -> DrawResult:
        from gis.drawing.draw import draw_revision

        return draw_revision(
            self.project,
            out,
            revision=wish.revision,
            compare=wish.compare,
            sheet=wish.sheet,
            scale=wish.scale,
            language=wish.language,
            dpi=dpi,
            portrait=wish.portrait,
            background=wish.background,
            theme=wish.theme,
            settings=self.draft.settings,
            progress=progress,
        )

    def _on_drawn(self, result: DrawResult) -> None:
        self.drawn.emit(result)
        self.accept()

    def _on_printed(self, size: float) -> None:
        if size < 1:
            words = Text(
                "已打印，缩小到 {p:.0%}：图上的比例数字不再成立，线段比例尺仍然准确。",
                "Printed at {p:.0%}: the scale in numbers no longer holds, the scale bar does.",
            ).format(p=size)
        else:
            words = Text("已按真实比例打印。", "Printed true to scale.")
        self.told.setText(tr(words))
