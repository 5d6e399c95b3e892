"""Noting where postings hang, and the record as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

from gis.i18n import language, tr
from gis.progress import Progress
from layers.feature import new_uid
from layers.posting import Board, Posting
from layers.text import Text
from ui.dialogs.table_choice import ask_table, masks_told
from ui.opening import tell_written

if TYPE_CHECKING:
    from ui.workplace import Workplace


class PostingActions(QObject):
    """What the posting record asks for."""

    def __init__(self, window: Workplace) -> None:
        super().__init__(window)
        self._window = window
        self._session = window.session

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return what each act does."""
        return {"postings.show": lambda: self._window.show_page("postings")}

    def ask_board(self, posting: Posting, board: Board | None) -> None:
        """Ask where a posting hangs, from when to when, with photos; then note it."""
        from ui.dialogs.board_dialog import BoardDialog

        project = self._session.project
        if project is None:
            return
        places = list(dict.fromkeys(b.place for p in reversed(project.postings) for b in p.boards))
        dialog = BoardDialog(self._window, self._session, posting, board, places)
        dialog.chosen.connect(lambda written, photos: self.note(posting, written, board is None, photos))
        dialog.removal_asked.connect(lambda gone: self.remove(posting, gone))
        dialog.finished.connect(lambda _: self._window.postings.list.setFocus())
        dialog.open()

    def note(
        self, posting: Posting, board: Board, new: bool, photos: Sequence[tuple[bytes, str]] = ()
    ) -> None:
        """Keep where a posting hangs, with new photos (bytes and file name) of it."""
        words = Text("已记录：{p}", "Noted: {p}") if new else Text("已更新：{p}", "Updated: {p}")
        self._session.do(
            Text("记录张贴", "Noting where it hangs"),
            lambda project: project.set_board(posting.key, board, photos),
            lambda _: self._session.tell(words.format(p=board.place), "success"),
        )

    def remove(self, posting: Posting, board: Board) -> None:
        """Take a place out of the record, and offer to put it back."""
        back = replace(board, uid=new_uid())
        self._session.do(
            Text("删去张贴地点", "Removing a place"),
            lambda project: project.remove_board(board.uid),
            lambda _: self._session.offer(
                Text("已从公示记录中删去“{p}”。", "“{p}” was taken out of the record.").format(p=board.place),
                [(Text("放回", "Put it back"), lambda: self.note(posting, back, True))],
            ),
        )

    def export(self) -> None:
        """Ask for a file, and write the record as a table."""
        project = self._session.project
        if project is None:
            return
        suggested = project.path.with_name(f"{project.path.stem} {tr('公示记录', 'postings')}.xlsx")
        asked = Text("导出公示记录", "Export the posting record")
        choice = ask_table(self._window, asked, suggested)
        if choice is None:
            return

        def work(progress: Progress) -> tuple[Path, Text]:
            from gis.revisions.posting_table import posting_sheet
            from gis.revisions.sheet_writing import write_sheets
            from gis.roster import masks_for

            progress.check()
            sheet = posting_sheet(project.postings, project.revisions)
            masks = masks_for(project.snapshot, project.path, internal=choice.internal)
            return write_sheets([sheet], choice.out, language(), masks)[0], masks_told(masks)

        self._window.tasks.run(
            Text("导出公示记录", "Exporting the posting record"),
            work,
            lambda written: tell_written(self._session, *written),
        )
