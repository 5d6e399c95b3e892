"""Switching on an online map: which one, with which key."""

from __future__ import annotations

from typing import Final

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLineEdit, QWidget

from gis.crs_names import GCJ02, WGS84
from gis.i18n import tr
from gis.raster.tiles.capabilities import WmtsLayer, description_of, is_capabilities, read_capabilities
from gis.raster.tiles.fetching import read_description
from gis.raster.tiles.keys import load_access, save_access
from gis.raster.tiles.services import (
    SERVICES,
    TileService,
    host_of,
    matrices_of,
    owner_of,
    read_template,
    service_of,
)
from layers.background import TileBackground, new_background_uid
from layers.errors import BadInputError
from layers.text import Text, same
from ui.canvas.newest_job import NewestJob
from ui.dialogs.form_dialog import FormDialog
from ui.panels.parts import label
from ui.spare_thread import SpareThread

_OWN: Final = "xyz"
_DATUMS: Final = (
    (WGS84, Text("WGS 84 / CGCS2000（天地图等，无偏移）", "WGS 84 / CGCS2000 (no offset)")),
    (GCJ02, Text("GCJ-02（高德、腾讯等，移回真实位置）", "GCJ-02 (Amap, Tencent; moved to its true place)")),
)


def _described(address: str) -> bytes | BadInputError:
    try:
        return read_description(description_of(address))
    except BadInputError as error:
        return error


class TilesDialog(FormDialog):
    """Asks for a service, its key and the consent to use the net; keeps key and consent on this machine.

    Signals
    -------
    chosen(TileBackground)
        One that is new, or the one that was given.
    """

    chosen = pyqtSignal(object)

    def __init__(self, parent: QWidget, background: TileBackground | None = None) -> None:
        super().__init__(
            parent,
            Text("在线地图", "Online map"),
            Text(
                "需要联网。只向所选服务请求当前视图的瓦片，并缓存在本机；密钥只保存在本机，不写入项目和导出文件。",
                "Uses the net: asks this service for the tiles of the view and keeps them on this machine. "
                "A key stays on this machine, never in the project or an export.",
            ),
            Text("联网显示", "Show it"),
            560,
        )
        self._background = background
        self._access = load_access()
        self.service, self.datum = QComboBox(), QComboBox()
        self.address, self.key, self.name, self.owner = QLineEdit(), QLineEdit(), QLineEdit(), QLineEdit()
        self.address.setPlaceholderText("https://…/{z}/{x}/{y}.png, https://…/wmts")
        self.layer, self._offered = QComboBox(), list[WmtsLayer]()
        self._asking = NewestJob(SpareThread(), self)
        self.finished.connect(self._asking.close)
        self._asking.landed.connect(self._on_described)
        self._asking.busy_changed.connect(lambda busy: self.go.setEnabled(not busy))
        self.owner.setPlaceholderText("© …")
        for service in SERVICES.values():
            self.service.addItem(tr(service.title), service.id)
        self.service.addItem(tr("其他地址（XYZ、WMTS 服务）", "Another address (XYZ, WMTS)"), _OWN)
        for code, words in _DATUMS:
            self.datum.addItem(tr(words), code)
        self.add_row(Text("服务", "Service"), self.service)
        self._own = self._rows(
            (Text("地址", "Address"), self.address),
            (Text("坐标", "Coordinates"), self.datum),
            (Text("名称", "Name"), self.name),
            (Text("版权注明", "Attribution"), self.owner),
        )
        self._layers = self._rows((Text("图层", "Layer"), self.layer))
        self._keyed = self._rows((Text("密钥", "Key"), self.key))
        self.note = label(role="soft", wrap=True)
        self.body.addWidget(self.note)
        self.service.currentIndexChanged.connect(lambda _: self._show_service())
        self.address.textChanged.connect(lambda _: self._on_address())
        if background is not None:
            self._show_background(background)
        self._show_service()

    def submit(self) -> None:
        if self._known() is None and not self._offered and is_capabilities(self.address.text()):
            self._ask_for_layers()
            return
        try:
            made, key = self._made()
        except BadInputError as error:
            self._say(error)
            return
        service = service_of(made)
        if service.needs_key and not key:
            self.show_problem(Text("请填写密钥。", "Enter the key."))
            return
        access = self._access.with_host(service.host)
        if service.needs_key:
            access = access.with_key(service.host, key)
        if not save_access(access):
            self.show_problem(Text("设置文件夹无法写入。", "The settings folder cannot be written."))
            return
        self.chosen.emit(made)
        self.accept()

    def _made(self) -> tuple[TileBackground, str]:
        """Return the background as the form says, and its key."""
        if self._background is not None:
            return self._background, self.key.text().strip()
        uid = new_background_uid()
        service = self._known()
        if service is not None:
            kept = TileBackground(uid, tr(service.title), service=service.id, attribution=service.attribution)
            return kept, self.key.text().strip()
        layer = self._layer_chosen()
        template, found = read_template(layer.template if layer is not None else self.address.text())
        title = self.name.text().strip() or (layer.title if layer is not None else host_of(template))
        made = TileBackground(
            uid, title, service=_OWN, template=template, datum=str(self.datum.currentData()),
            attribution=" ".join(self.owner.text().split()), most_zoom=20,
            matrices=layer.matrices.text() if layer is not None else matrices_of(template),
        )  # fmt: skip
        return made, self.key.text().strip() or found

    def _ask_for_layers(self) -> None:
        """Read the description of a WMTS service, in a thread; pressing the button is the consent."""
        address = self.address.text().strip()
        self.show_problem(None)
        self.note.setText(tr("正在读取服务说明…", "Reading the description of the service…"))
        self.note.show()
        self._asking.start(lambda _: _described(address))

    def _on_described(self, answer: bytes | BadInputError) -> None:
        """Offer the layers of a service, or say why there are none."""
        self.note.hide()
        try:
            if isinstance(answer, BadInputError):
                raise answer
            self._offered = list(read_capabilities(answer, self.address.text().strip()))
        except BadInputError as error:
            self._say(error)
            return
        self.layer.clear()
        self.layer.addItems([" ".join(layer.title.split())[:80] for layer in self._offered])
        self._show_service()
        self.layer.setFocus()

    def _on_address(self) -> None:
        """Forget the layers of another address."""
        if self._offered:
            self._offered = []
            self._show_service()
        owner = owner_of(self.address.text())
        if owner is not None and self.datum.isEnabled():  # whose tiles are shifted is known
            self.datum.setCurrentIndex(max(0, self.datum.findData(owner.datum)))
        self._show_key_row()

    def _layer_chosen(self) -> WmtsLayer | None:
        at = self.layer.currentIndex()
        return self._offered[at] if self._known() is None and 0 <= at < len(self._offered) else None

    def _say(self, error: BadInputError) -> None:
        advice = error.advice if error.advice is not None else same("")
        self.show_problem(Text("{a}{b}", "{a} {b}").format(a=error.message, b=advice))

    def _known(self) -> TileService | None:
        return SERVICES.get(str(self.service.currentData()))

    def _show_background(self, background: TileBackground) -> None:
        """Show a background that is in the project already: only its key and consent are asked."""
        self.service.setCurrentIndex(max(0, self.service.findData(background.service)))
        self.address.setText(background.template)
        self.datum.setCurrentIndex(max(0, self.datum.findData(background.datum)))
        self.name.setText(background.title)
        self.owner.setText(background.attribution)
        for field in (self.service, self.address, self.datum, self.name, self.owner):
            field.setEnabled(False)

    def _show_service(self) -> None:
        service = self._known()
        for widget in self._own:
            widget.setVisible(service is None)
        for widget in self._layers:
            widget.setVisible(service is None and bool(self._offered))
        self.note.setText(tr(service.note) if service is not None else "")
        self.note.setVisible(bool(self.note.text()))
        self._show_key_row()
        self.show_problem(None)
        self.fit()

    def _show_key_row(self) -> None:
        service = self._known()
        template = service.template if service is not None else self._template()
        wanted = "{key}" in template
        for widget in self._keyed:
            widget.setVisible(wanted)
        if self.isVisible():
            self.fit()
        kept = self._access.keys.get(host_of(template), "") if wanted else ""
        if kept and not self.key.text():
            self.key.setText(kept)

    def _template(self) -> str:
        layer = self._layer_chosen()
        try:
            return read_template(layer.template if layer is not None else self.address.text()).template
        except BadInputError:
            return ""

    def _rows(self, *rows: tuple[Text, QWidget]) -> list[QWidget]:
        """Add rows and return all their widgets, captions too."""
        found: list[QWidget] = []
        for caption, field in rows:
            line = self.grid.rowCount()
            self.add_row(caption, field)
            item = self.grid.itemAtPosition(line, 0)
            words = item.widget() if item is not None else None
            found += [field, *([words] if words is not None else [])]
        return found
