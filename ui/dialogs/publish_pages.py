"""The plain pages of the publishing form: what and where to, the notice, the picture below, the roster."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QRadioButton,
)

from gis.i18n import tr
from gis.notice_period import LAST
from gis.project import Project
from layers.errors import PlanboardError
from layers.schema import Field
from layers.text import Text, same
from ui.dialogs.form_page import FormPage, narrow
from ui.dialogs.period_note import PeriodNote
from ui.dialogs.settings_draft import SettingsDraft
from ui.dialogs.state_choice import StateChoice, output_stem, with_ending
from ui.panels.check_line import CheckLine
from ui.panels.field_editors import FieldEditor, editor_for
from ui.panels.parts import button, label
from ui.plan_check import PlanCheck

_NOTICE: Final = (
    Field("publish.title", Text("网页标题", "Page title")),
    Field("publish.office", Text("公示单位", "Published by")),
    Field("publish.contact", Text("联系方式", "Contact"), "long_text"),
    Field("publish.how_to_comment", Text("怎样提意见", "How to comment"), "long_text"),
    Field("publish.comment_from", Text("公示开始", "Notice from"), "date"),
    Field("publish.comment_until", Text("意见截止", "Comments until"), "date"),
    Field("publish.address", Text("网址", "Address")),
)
_WORDS: Final = ("text", "long_text")
LANGUAGES: Final = (
    ("", Text("按读者的浏览器", "As the reader's browser asks")),
    ("zh", same("简体中文")),
    ("en", same("English")),
)


class TargetPage(FormPage):
    """Which state, compared with what, as one page or as a site, and where it goes.

    Signals
    -------
    changed()
        What is published is another.
    """

    changed = pyqtSignal()

    def __init__(self, project: Project, view: str, folder: Path, check: PlanCheck) -> None:
        super().__init__(
            Text("版次与文件", "Revision and file"),
            Text(
                "一个网页文件，手机和电脑离线都能打开。写文件之前，先在右侧核对。",
                "One page file that opens without a network. Look at it on the right first.",
            ),
        )
        self._project, self._folder = project, folder
        self.states = StateChoice(project, view, self, nothing=False)
        self.states.changed.connect(self._on_state)
        self.add_row(Text("版次", "Revision"), self.states.revision)
        self.add_row(Text("对比", "Compare with"), self.states.compare)
        self._add_forms()
        self.path = QLineEdit()
        self.path.textEdited.connect(lambda _: self.there.clear())
        self.path.editingFinished.connect(self._tell_folder)
        browse = button(tr("浏览…", "Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        self.add_row(Text("保存到", "Save to"), self.path, browse)
        self.there = label(role="soft", wrap=True)
        self.add_wide(self.there)
        self.period = PeriodNote()
        self.add_wide(self.period)
        self.check = CheckLine(check)
        self.add_wide(self.check)
        self.body.addStretch(1)
        self._suggest()

    @property
    def site(self) -> bool:
        """Whether every revision goes into a folder with an index."""
        return self.as_site.isChecked()

    @property
    def target(self) -> Path:
        """The file, or the folder of the site."""
        path = Path(self.path.text().strip()).expanduser()
        return path if self.site else with_ending(path, "html")

    def begin_with(self, site: bool, folder: str) -> None:
        """Start with the answers of the last time."""
        if folder and Path(folder).is_dir():
            self._folder = Path(folder)
        self.as_site.setChecked(site and self.as_site.isEnabled())
        self._suggest()

    def go_on_from(self, before: TargetPage) -> None:
        """Take over what another page of this kind was answered."""
        self._folder = before._folder
        self.as_site.setChecked(before.site)
        self.states.choose(before.states.state, before.states.against)
        self.path.setText(before.path.text())
        self._tell_folder()

    def _add_forms(self) -> None:
        self.as_page = QRadioButton(tr("一个网页文件", "One page file"))
        self.as_site = QRadioButton(
            tr("网站文件夹：全部版次和目录页", "A site folder: every revision and an index")
        )
        self.as_page.setChecked(True)
        self.as_site.setEnabled(bool(self._project.revisions))
        group = QButtonGroup(self)
        for one in (self.as_page, self.as_site):
            group.addButton(one)
        self.as_site.toggled.connect(self._on_form)
        self.add_row(Text("形式", "Form"), self.as_page)
        self.grid.addWidget(self.as_site, self.grid.rowCount(), 1)

    def _on_form(self) -> None:
        self.states.choose_of_all(self.site)
        self._suggest()
        self.changed.emit()

    def _on_state(self) -> None:
        self._suggest()
        self.changed.emit()

    def _suggest(self) -> None:
        stem = output_stem(self._project, self.states.state)
        name = stem.rpartition("-")[0] + tr("-网站", "-site") if self.site else f"{stem}.html"
        self.path.setText(str(self._folder / name))
        self._tell_folder()

    def _tell_folder(self) -> None:
        """Say what a site's folder holds already."""
        self.there.setText("")
        self.there.setVisible(self.site)
        if not self.site or not self.path.text().strip():
            return
        from gis.publish.site import read_index

        try:
            estates = read_index(self.target)
        except PlanboardError as error:
            self.there.setText(tr(error.message))
            return
        listed = "；".join(f"{one.title} {'、'.join(r.label for r in one.revisions)}" for one in estates)
        words = Text(
            "文件夹里已有：{l}。旧版会注明“已被取代”。", "There already: {l}. Older pages get marked."
        )
        new = Text("新建文件夹；以后再次发布会更新它。", "A new folder; publishing again updates it.")
        self.there.setText(tr(words, l=listed) if listed else tr(new))

    def _browse(self) -> None:
        if self.site:
            name = QFileDialog.getExistingDirectory(
                self.window(), tr("网站文件夹", "Site folder"), str(self.target.parent)
            )
        else:
            name, _ = QFileDialog.getSaveFileName(
                self.window(), tr("网页文件", "Page file"), self.path.text(), "HTML (*.html)"
            )
        if name:
            self.path.setText(name)
            self._tell_folder()


class NoticePage(FormPage):
    """What the page says about itself: title, contact, until when, where it lies, its language."""

    def __init__(self, project: Project, draft: SettingsDraft) -> None:
        super().__init__(
            Text("公示信息", "Notice"),
            Text(
                "这些话会原样写在网页和公示图上，请只写愿意公开的联系方式。空着的不显示。",
                "Stands on page and sheet as it is: give only what may be public. "
                "What is empty is not shown.",
            ),
        )
        self._draft = draft
        self._editors: dict[str, FieldEditor] = {}
        draft.changed.connect(self._on_draft)
        for field in _NOTICE:
            editor = editor_for(field)
            editor.show_value(draft.words(field.name) or None)
            editor.committed.connect(lambda value, f=field: self._keep(f, value))
            editor.setAccessibleName(tr(field.title))
            self._editors[field.name] = editor
            self.add_row(field.title, editor)
            setattr(self, field.name.rpartition(".")[2], editor)
            line = editor.findChild(QLineEdit)
            if line is not None and field.name == "publish.title":
                line.setPlaceholderText(project.snapshot.title)
            elif line is not None and field.name == "publish.address":
                line.setPlaceholderText("https://")
            if field.name == LAST:
                self.period = PeriodNote()
                self.grid.addWidget(self.period, self.grid.rowCount(), 1)
        self.language = narrow(QComboBox())
        for code, words in LANGUAGES:
            self.language.addItem(tr(words), code)
        self.language.setCurrentIndex(max(0, self.language.findData(draft.words("publish.language"))))
        self.language.currentIndexChanged.connect(
            lambda _: draft.put("publish.language", self.language.currentData() or None)
        )
        self.add_row(Text("打开时语言", "Opens in"), self.language)
        self.of_then = label(role="soft", wrap=True)
        self.of_then.hide()
        self.add_wide(self.of_then)
        self.body.addStretch(1)

    def show_state(self, label_: str, newest: bool) -> None:
        """Say that an older revision keeps the notice period that it was frozen with."""
        self.of_then.setVisible(not newest)
        words = Text(
            "{r} 已有后续版次：网页和图纸上保留它冻结时的公示期，这里填的日期只用于最新版次。",
            "{r} has been followed: page and sheet keep the notice period it was frozen with. "
            "The dates given here are for the newest revision.",
        )
        self.of_then.setText(tr(words, r=label_))

    def _on_draft(self, name: str) -> None:
        """Show what the answer is by now: a proposal was taken, or a step undone."""
        editor = self._editors.get(name)
        words = self._draft.words(name)
        if editor is not None and str(editor.value or "") != words:
            editor.show_value(words or None)

    def _keep(self, field: Field, value: object) -> None:
        words = "" if value is None else str(value)
        if field.type in _WORDS:
            self._draft.put_words(field.name, words)
        else:
            self._draft.put(field.name, words or None)
