"""Asking where a table goes: masked to be given away, or, chosen by name, whole for the office."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PyQt6.QtWidgets import QFileDialog, QWidget

from gis.i18n import tr
from layers.text import Text

if TYPE_CHECKING:
    from gis.privacy import Masks

_INTERNAL: Final = Text("内部，含个人信息，不得张贴", "internal, holds personal data, not for posting")
_KINDS: Final = {".xlsx": "Excel", ".csv": "CSV", ".geojson": "GeoJSON"}


@dataclass(frozen=True)
class TableChoice:
    """Where a table goes, and whether it stays inside."""

    out: Path
    internal: bool


def ask_table(parent: QWidget, title: Text, start: Path, *, geojson: bool = False) -> TableChoice | None:
    """Ask for a file; the kinds that keep personal data stand below the masked ones and say so."""
    endings = [ending for ending in _KINDS if geojson or ending != ".geojson"]
    shared = {f"{_KINDS[e]} (*{e})": TableChoice(Path(e), internal=False) for e in endings}
    inside = {f"{_KINDS[e]} – {tr(_INTERNAL)} (*{e})": TableChoice(Path(e), internal=True) for e in endings}
    kinds = shared | inside
    name, kind = QFileDialog.getSaveFileName(parent, tr(title), str(start), ";;".join(kinds))
    if not name:
        return None
    path, chosen = Path(name), kinds.get(kind)
    ending = chosen.out.name if chosen is not None else endings[0]
    out = path if path.suffix.lower() in endings else path.with_name(path.name + ending)
    return TableChoice(out, chosen is not None and chosen.internal)


def masks_told(masks: Masks | None) -> Text:
    """Say what became of personal data in a table that was written."""
    if masks is None:
        return Text("内部资料，含个人信息，不得张贴", "internal, holds personal data, not for posting")
    return Text("已遮蔽个人信息 {n} 处", "personal data masked in {n} places").format(n=masks.places)
