"""What a window does about a damaged project: it saves what can still be read, beside it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from gis.i18n import tr
from gis.progress import Progress
from layers.errors import Finding, PlanboardError
from layers.text import Text
from ui.opening import reveal

if TYPE_CHECKING:
    from ui.workplace import Workplace

_SAVE = Text("另存能读出的内容", "Save what can be read")


class Rescue(QObject):
    """Offers to save the rest of a damaged project as a new one, and opens that."""

    def __init__(self, window: Workplace, open_path: Callable[[Path], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._open = window, window.session, open_path

    def offer(self, path: Path, error: PlanboardError) -> None:
        """Tell of the damage, with the act that saves the rest."""
        self._session.offer(
            error.message, [(_SAVE, lambda: self.save(path))], "error", error.advice, waits=True
        )

    def save(self, path: Path) -> None:
        """Save what can be read of a project beside it; the damaged file is only read."""
        project = self._session.project
        if project is not None and project.path == path:  # nobody may have it open meanwhile
            self._session.set_project(None)
            project.close()
        out = free_beside(path)

        def work(progress: Progress) -> tuple[Finding, ...]:
            from gis.store.salvage import salvage

            progress.check()
            return salvage(path, out).findings

        title = Text("另存“{n}”中能读出的内容", "Saving what can be read of “{n}”").format(n=path.name)
        self._window.tasks.run(title, work, lambda found: self._on_saved(path, out, found))

    def _on_saved(self, path: Path, out: Path, findings: tuple[Finding, ...]) -> None:
        summary, *more = findings
        kept = Text(
            "已存为“{out}”。原文件“{name}”未作改动，请留存备查。",
            "Kept as “{out}”. The damaged file “{name}” is as it was; keep it.",
        ).format(out=out.name, name=path.name)
        show = (Text("打开所在文件夹", "Show in folder"), lambda: reveal(out))
        self._open(out)
        self._session.offer(summary.message, [show], "success", kept)
        for finding in more:
            self._session.tell(finding.message, "warning")


def free_beside(path: Path) -> Path:
    """Return 小区-救回.gpkg, or -2, -3 … if there is one already."""
    word = tr("救回", "saved")
    ends = ("" if number == 1 else f"-{number}" for number in count(1))
    names = (path.with_name(f"{path.stem}-{word}{end}{path.suffix}") for end in ends)
    return next(name for name in names if not name.exists())
