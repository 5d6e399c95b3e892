"""Where a posting hangs: place, from when to when, photos of it hanging."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QComboBox, QLineEdit, QWidget

from gis.i18n import tr
from gis.project import photo_id_of
from layers.posting import Board, Posting
from layers.schema import Field
from layers.text import Text
from ui.dialogs.form_dialog import FormDialog
from ui.models.words import state_title
from ui.panels.field_editors import DateEditor
from ui.panels.parts import button
from ui.panels.photo_strip import PhotoStrip
from ui.session import Session

_SINCE = Field("since", Text("自", "From"), "date")
_UNTIL = Field("until", Text("至", "To"), "date")
_PHOTOS = Field("photos", Text("现场照片", "Photos"), "photos")


class BoardDialog(FormDialog):
    """Notes a place where a posting hangs, or changes what was noted.

    Signals
    -------
    chosen(Board, object)
        The board, and its new photos as pairs of bytes and file name: nothing is kept before.
    removal_asked(Board)
        It was noted by mistake.
    """

    chosen = pyqtSignal(object, object)
    removal_asked = pyqtSignal(object)

    def __init__(
        self, parent: QWidget, session: Session, posting: Posting, board: Board | None, places: Sequence[str]
    ) -> None:
        super().__init__(
            parent,
            Text("记录张贴", "Note where it hangs"),
            Text("{r} · {f}", "{r} · {f}").format(r=state_title(posting.revision), f=posting.file_name),
            Text("记录", "Note it") if board is None else Text("保存", "Save"),
            520,
        )
        self._board = board
        known = board or Board("", dt.date.today().isoformat())
        self.place = QComboBox()
        self.place.setEditable(True)
        self.place.addItems(places)
        self.place.setCurrentText(known.place)
        line = self.place.lineEdit()
        if line is not None:
            line.setPlaceholderText(
                tr("东门公示栏、物业门口、业主群…", "East gate board, office door, chat group…")
            )
        self.since, self.until = DateEditor(_SINCE), DateEditor(_UNTIL)
        self.since.show_value(known.since)
        self.until.show_value(known.until or None)
        self.photos = PhotoStrip(_PHOTOS, session, hold=True)
        self.photos.show_value(",".join(known.photos) or None)
        self.note = QLineEdit(known.note)
        self.note.setPlaceholderText(tr("谁张贴的、几份…", "Who put it up, how many…"))
        self.add_row(Text("张贴地点", "Place"), self.place)
        self.add_row(Text("自", "From"), self.since)
        self.add_row(Text("至（可空）", "To (may be empty)"), self.until)
        self.add_row(Text("现场照片", "Photos of it hanging"), self.photos)
        self.add_row(Text("备注", "Note"), self.note)
        if board is not None:
            remove = button(tr("删去这个地点", "Remove this place"), "link", "trash")
            remove.setAutoDefault(False)
            remove.clicked.connect(self._remove)
            self.foot.insertWidget(0, remove)

    def submit(self) -> None:
        """Take what is written, or say in place what is missing."""
        place = self.place.currentText().strip()
        since, until = (_day(editor.value) for editor in (self.since, self.until))
        problem = None
        if not place:
            problem = Text("请填写张贴地点。", "Enter the place.")
        elif not since or until is None:
            problem = Text("日期写成 2020-07-25。", "Write a date as 2020-07-25.")
        elif self.photos.busy:
            problem = Text("照片还在读取，请稍候。", "The photos are still being read.")
        elif until and until < since:
            problem = Text("结束日期早于开始日期。", "It ends before it begins.")
        self.show_problem(problem)
        if problem is not None or since is None or until is None:
            return
        fresh = {photo_id_of(*picture) for picture in self.photos.held}
        photos = tuple(p for p in str(self.photos.value or "").split(",") if p and p not in fresh)
        written = replace(
            self._board or Board(place, since),
            place=place,
            since=since,
            until=until,
            photos=photos,
            note=self.note.text().strip(),
        )
        self.chosen.emit(written, self.photos.held)
        self.accept()

    def _remove(self) -> None:
        self.removal_asked.emit(self._board)
        self.accept()


def _day(value: object) -> str | None:
    """Return an ISO date, an empty string for none, None for what is no date."""
    if value is None or value == "":
        return ""
    try:
        return dt.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None
