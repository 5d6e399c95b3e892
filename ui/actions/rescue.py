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

ROWS = "store.rows"
"""The code of the error about objects that are not what was saved last."""

_SAVE = Text("另存能读出的内容", "Save what can be read")
_MEND = Text("修复", "Repair")


class Rescue(QObject):
    """Offers to save the rest of a damaged project as a new one, and opens that."""

    def __init__(self, window: Workplace, open_path: Callable[[Path], None]) -> None:
        super().__init__(window)
        self._window, self._session, self._open = window, window.session, open_path

    def offer(self, path: Path, error: PlanboardError) -> None:
        """Tell of the damage, with the act that puts it right or saves the rest."""
        act = (_MEND, lambda: self.mend(path)) if error.code == ROWS else (_SAVE, lambda: self.save(path))
        self._session.offer(error.message, [act], "error", error.advice, waits=True)

    def mend(self, path: Path) -> None:
        """Put back what was saved last, and open the project again."""
        self._leave(path)

        def work(progress: Progress) -> tuple[Finding, ...]:
            from gis.store.repairing import repair

            progress.check()
            return repair(path)

        title = Text("修复“{n}”", "Repairing “{n}”").format(n=path.name)
        self._window.tasks.run(
            title, work, lambda done: self._on_mended(path, done), lambda error: self._on_left(path, error)
        )

    def _on_mended(self, path: Path, done: tuple[Finding, ...]) -> None:
        self._open(path)
        for finding in done:
            self._session.tell(finding.message, "success")

    def _on_left(self, path: Path, error: PlanboardError) -> None:
        """Say why nothing could be repaired; the project is open again as it was."""
        self._open(path)
        self._session.tell_error(error)

    def save(self, path: Path) -> None:
        """Save what can be read of a project beside it; the damaged file is only read."""
        self._leave(path)
        out = free_beside(path)

        def work(progress: Progress) -> tuple[Finding, ...]:
            from gis.store.salvage import salvage

            progress.check()
            return salvage(path, out).findings

        title = Text("另存“{n}”中能读出的内容", "Saving what can be read of “{n}”").format(n=path.name)
        self._window.tasks.run(title, work, lambda found: self._on_saved(path, out, found))

    def _leave(self, path: Path) -> None:
        """Close the project if it is open here: nobody may have it open meanwhile."""
        project = self._session.project
        if project is not None and project.path == path:
            self._session.set_project(None)
            project.close()

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
