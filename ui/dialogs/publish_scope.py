"""Who a page is for, as ticks: which layers and which of their fields may leave the project."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QCheckBox, QComboBox, QInputDialog, QTreeWidget, QTreeWidgetItem

from gis.i18n import tr
from gis.project import Project
from gis.publish.profile import BURIED, PROFILES, SETTING, Profile, profile_of, profiles_of
from layers.changes import JsonValue
from layers.errors import PlanboardError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text
from ui.dialogs.form_page import FormPage, narrow
from ui.dialogs.settings_draft import SettingsDraft
from ui.dialogs.state_choice import theme_choice
from ui.panels.parts import button, later, row
from ui.theme.tokens import theme

_NAME: Final = Qt.ItemDataRole.UserRole
_ON, _OFF = Qt.CheckState.Checked, Qt.CheckState.Unchecked


class ScopePage(FormPage):
    """A profile, its allow-list of layers and fields (saved in the project), and a theme that narrows it.

    Signals
    -------
    changed()
        The theme is another.
    """

    changed = pyqtSignal()

    def __init__(self, project: Project, draft: SettingsDraft, wanted: str, theme_name: str = "") -> None:
        super().__init__(
            Text("公开范围", "What may be public"),
            Text(
                "网页包含打勾的图层和字段；选了主题，则其中关闭的图层也不放。地图上的筛选不影响网页。",
                "The page holds the layers and fields that are ticked, less what the theme hides. "
                "Filters of the map do not shorten it.",
            ),
        )
        self._project, self._draft = project, draft
        self._filling = False
        self.profile = narrow(QComboBox())
        self.add_row(Text("面向", "For"), self.profile)
        self.theme = theme_choice(
            project, Text("不限（按现在的样式）", "None (styles as they are now)"), self
        )
        self.theme.setCurrentIndex(max(0, self.theme.findData(theme_name)))
        self.theme.currentIndexChanged.connect(lambda _: self._on_theme())
        if self.theme.count() > 1:
            self.add_row(Text("主题", "Theme"), self.theme)
        self.tree = QTreeWidget()
        self.tree.setObjectName("ScopeTree")
        self.tree.setHeaderHidden(True)
        self.tree.setColumnCount(2)
        self.tree.setColumnWidth(0, 210)
        self.tree.setAccessibleName(tr("图层和字段", "Layers and fields"))
        self.tree.itemChanged.connect(self._on_tick)
        self.add_wide(self.tree, 1)
        self.photos = QCheckBox(tr("公开勾选过的照片", "Publish photos that are ticked"))
        self.photos.toggled.connect(self._on_photos)
        self.add_wide(self.photos)
        self._add_acts()
        self._fill_profiles(wanted)
        self.profile.currentIndexChanged.connect(lambda _: self._show_profile())
        self._show_profile()

    @property
    def name(self) -> str:
        """The name of the profile."""
        return str(self.profile.currentData())

    @property
    def theme_name(self) -> str | None:
        """The theme that narrows the page, if any."""
        return str(self.theme.currentData() or "") or None

    def _on_theme(self) -> None:
        self._show_profile()
        self.changed.emit()

    def add_profile(self, title: str) -> None:
        """Make a profile of the project's own, starting from what is ticked; its name is its title."""
        taken, name, number = profiles_of(self._snapshot()), title, 1
        while name in taken:
            number += 1
            name = f"{title} {number}"
        base = self.name if self.name in PROFILES else str(self._given().get("base", "public"))
        self._draft.put(SETTING + name, {**self._given(), "base": base, "title": name})
        self._fill_profiles(name)
        self._show_profile()

    def _add_acts(self) -> None:
        self._add = button(tr("另存为本小区方案…", "Save as own profile…"), "link")
        self._reset = button(tr("恢复默认", "Restore"), "link")
        self._remove = button(tr("删除", "Delete"), "link")
        for act, do in ((self._add, self._ask_name), (self._reset, self._forget), (self._remove, self._drop)):
            act.setAutoDefault(False)
            act.clicked.connect(do)
        self.add_wide(row(self._add, self._reset, self._remove, None, spacing=4))

    def _themed(self) -> Snapshot:
        """Return the working plan as the theme has it."""
        from gis.edit.themes import with_theme

        snapshot = self._project.snapshot
        return with_theme(snapshot, self.theme_name) if self.theme_name else snapshot

    def _snapshot(self) -> Snapshot:
        from dataclasses import replace

        return replace(self._project.snapshot, settings=self._draft.settings)

    def _fill_profiles(self, wanted: str) -> None:
        self.profile.blockSignals(True)
        self.profile.clear()
        for profile in profiles_of(self._snapshot()).values():
            self.profile.addItem(tr(profile.title), profile.name)
        self.profile.setCurrentIndex(max(0, self.profile.findData(wanted)))
        self.profile.blockSignals(False)
        self._draft.changed.emit("publish.profile")

    def _show_profile(self) -> None:
        try:
            profile = profile_of(self.name, self._snapshot())
        except PlanboardError:
            return
        self._filling = True
        at = self.tree.verticalScrollBar()
        place = at.value() if at is not None else 0
        opened = {
            item.data(0, _NAME)
            for item in map(self.tree.topLevelItem, range(self.tree.topLevelItemCount()))
            if item is not None and item.isExpanded()
        }
        self.tree.clear()
        snapshot = self._themed()
        self._hidden = {n for n, one in snapshot.layers.items() if self.theme_name and not one.visible}
        for layer in reversed(list(snapshot.layers.values())):
            self._add_layer(layer, profile, layer.id in opened)
        if at is not None:
            at.setValue(place)
        self.photos.setChecked(profile.photos)
        own = self.name not in PROFILES
        self._remove.setVisible(own)
        self._reset.setEnabled(bool(self._given().keys() - {"base", "title"}))
        self._filling = False
        self._draft.changed.emit("publish.profile")

    def _add_layer(self, layer: Layer, profile: Profile, opened: bool) -> None:
        buried = profile.for_everybody and layer.kind.role in BURIED
        allowed = {f.name for f in profile.fields(layer)}
        counted = tr("{n} 个对象", "objects: {n}", n=len(layer.table))
        hidden = layer.id in self._hidden
        note = tr("地下管线与测绘底图不公开", "buried or surveyed: never") if buried else counted
        if hidden and not buried:
            note = tr("主题中关闭，不放入", "hidden by the theme: left out")
        elif layer.filter is not None and not buried:
            note = tr("{c}，筛选不起作用", "{c}, filter ignored", c=counted)
        item = QTreeWidgetItem([tr(layer.title), note])
        item.setData(0, _NAME, layer.id)
        item.setForeground(1, QColor(theme().text_faint))
        item.setToolTip(1, note)
        item.setCheckState(0, _ON if profile.passes(layer) else _OFF)
        item.setDisabled(buried)
        self.tree.addTopLevelItem(item)
        for field in layer.fields:
            if field.type == "photos" or buried:
                continue
            inside = "" if field.public else tr("一般不公开", "usually kept back")
            child = QTreeWidgetItem([tr(field.title), inside])
            child.setData(0, _NAME, field.name)
            child.setForeground(1, QColor(theme().warning))
            child.setCheckState(0, _ON if field.name in allowed else _OFF)
            item.addChild(child)
        item.setExpanded(opened)

    def _given(self) -> dict[str, JsonValue]:
        found = self._draft.get(SETTING + self.name)
        return dict(found) if isinstance(found, dict) else {}

    def _on_tick(self, item: QTreeWidgetItem) -> None:
        if self._filling:
            return
        layer = item.parent() or item
        name = str(layer.data(0, _NAME))
        given = self._given()
        layers = given.get("layers")
        wishes = dict(layers) if isinstance(layers, dict) else {}
        children = [child for i in range(layer.childCount()) if (child := layer.child(i)) is not None]
        if item is layer and item.checkState(0) == _OFF:
            wishes[name] = False
        elif item is layer:
            wishes.pop(name, None)
            if not self._passes_anyway(name, {**given, "layers": wishes}):
                wishes[name] = [f.name for f in self._project.snapshot.layers[name].fields if f.public]
        else:
            wishes[name] = [str(c.data(0, _NAME)) for c in children if c.checkState(0) == _ON]
        self._put({**given, "layers": wishes})

    def _passes_anyway(self, layer_id: str, given: dict[str, JsonValue]) -> bool:
        from dataclasses import replace

        settings = {**self._draft.settings, SETTING + self.name: given}
        snapshot = replace(self._project.snapshot, settings=settings)
        return profile_of(self.name, snapshot).passes(snapshot.layers[layer_id])

    def _on_photos(self, wanted: bool) -> None:
        if not self._filling:
            self._put({**self._given(), "photos": wanted})

    def _put(self, given: dict[str, JsonValue]) -> None:
        self._draft.put(SETTING + self.name, given or None)
        later(self, 0, self._show_profile)  # not while the tree still tells of the tick

    def _ask_name(self) -> None:
        title, good = QInputDialog.getText(
            self.window(),
            tr("本小区方案", "Own profile"),
            tr("名称，例如：居委会张贴", "Name, such as: Committee board"),
        )
        if good and title.strip():
            self.add_profile(title.strip())

    def _forget(self) -> None:
        kept = {k: v for k, v in self._given().items() if k in ("base", "title")}
        self._put(kept)

    def _drop(self) -> None:
        name = self.name
        self._draft.put(SETTING + name, None)
        self._fill_profiles("public")
        self._show_profile()
