"""The editable form of one or several features."""

from __future__ import annotations

from collections.abc import Iterable

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFormLayout, QLabel, QWidget

from gis.i18n import tr
from layers.schema import Value
from ui.models.shared_form import FormField
from ui.panels.field_editors import FieldEditor, editor_for
from ui.panels.parts import column, label
from ui.panels.photo_strip import PhotoStrip
from ui.session import Session

_WIDE = ("long_text", "photos", "choices")


class FeatureForm(QWidget):
    """Labels and editors of fields.

    Signals
    -------
    committed(str, object)
        A field's name and its new, fitting value.
    """

    committed = pyqtSignal(str, object)

    def __init__(
        self, session: Session, fields: Iterable[FormField], *, photos: bool = True, hold: bool = False
    ) -> None:
        """Take `photos` away, or `hold` new ones until the form is saved: see `PhotoStrip`."""
        super().__init__()
        self.editors: dict[str, FieldEditor | PhotoStrip] = {}
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(10)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
        for entry in fields:
            if entry.field.type == "photos" and not photos:
                continue
            editor = (
                PhotoStrip(entry.field, session, hold=hold)
                if entry.field.type == "photos"
                else editor_for(entry.field)
            )
            editor.committed.connect(lambda value, name=entry.field.name: self.committed.emit(name, value))
            self.editors[entry.field.name] = editor
            self._place(form, entry, editor)
        self.show_values(fields)

    def show_values(self, fields: Iterable[FormField]) -> None:
        """Show other values in the same editors; an editor being typed in is left alone."""
        for entry in fields:
            editor = self.editors.get(entry.field.name)
            if editor is not None and not _typing(editor):
                editor.show_value(entry.value, mixed=entry.mixed)

    def set_writable(self, writable: bool) -> None:
        """Allow or forbid editing."""
        for editor in self.editors.values():
            editor.set_writable(writable)

    @property
    def held_photos(self) -> tuple[tuple[bytes, str], ...]:
        """The new pictures with their file names: not in the project yet."""
        strips = (editor for editor in self.editors.values() if isinstance(editor, PhotoStrip))
        return tuple(picture for strip in strips for picture in strip.held)

    def values(self) -> dict[str, Value]:
        """Return what the editors hold."""
        return {name: editor.value for name, editor in self.editors.items()}

    def check(self) -> bool:
        """Show every problem in place; returns whether there is none."""
        bad = None
        for editor in self.editors.values():
            problem = editor.field.problem(editor.value)
            editor.show_problem(problem)
            reading = isinstance(editor, PhotoStrip) and editor.busy  # it says so itself
            bad = bad or (editor if problem or reading else None)
        if bad is not None:
            bad.setFocus()
        return bad is None

    def focus_first(self, name: str) -> None:
        """Put the cursor into one field."""
        if name in self.editors:
            self.editors[name].setFocus()

    def _place(self, form: QFormLayout, entry: FormField, editor: QWidget) -> None:
        words = tr(entry.field.title) + (" *" if entry.field.required else "")
        caption = label(words, "field", wrap=True)
        caption.setToolTip(tr("必填", "Required") if entry.field.required else "")
        caption.setBuddy(editor)
        if entry.field.type in _WIDE:
            stacked = QWidget()
            stacked.setLayout(column(caption, editor, spacing=4))
            form.addRow(stacked)
            return
        caption.setFixedWidth(_caption_width(caption))
        caption.setAlignment(Qt.AlignmentFlag.AlignTop)
        caption.setContentsMargins(0, 7, 0, 0)
        form.addRow(caption, editor)


def _caption_width(caption: QLabel) -> int:
    """Return one width for all captions, wide enough for six Chinese characters."""
    return caption.fontMetrics().horizontalAdvance("上游管底标") + 14


def _typing(editor: FieldEditor | PhotoStrip) -> bool:
    proxy = editor.focusProxy()
    line = proxy if proxy is not None else editor
    return line.hasFocus() and bool(getattr(line, "isModified", lambda: False)())
