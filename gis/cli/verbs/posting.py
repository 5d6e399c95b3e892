"""``posting P``: what was made public, where it hangs, and whether it still holds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.opening import check_out, must_exist, opened
from gis.cli.parser import PROGRAM, positive, project_argument
from gis.cli.report import Report, one_line, pairs, table, text_data
from gis.cli.tables import internal_argument, masks_of, masks_told
from gis.disk_words import disk_words
from gis.i18n import language, tr
from layers.errors import NotFoundError, StorageError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project
    from layers.posting import Board, Posting

DESCRIPTION = Text(
    "公示记录：发布和出图时自动记下版次、文件和文件指纹；这里补记张贴在哪里、从何时到何时、现场照片，"
    "并标出已被新版取代而仍挂着的。序号见列表第一列。",
    "The posting record. Publishing and drawing note revision, file and hash by themselves; here goes where "
    "it hangs, from when to when, and photos of it hanging. What hangs though something newer has replaced "
    "it is marked. NUMBER is the one in the list.",
)
ENDINGS = (".xlsx", ".csv")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    day = tr("日期", "DAY")
    project_argument(parser)
    parser.add_argument(
        "number",
        nargs="?",
        type=positive,
        metavar=tr("序号", "NUMBER"),
        help=tr("哪一条公示记录", "which posting"),
    )
    parser.add_argument(
        "--place",
        metavar=tr("地点", "PLACE"),
        help=tr("张贴地点；已有同名地点时修改它", "where it hangs; a place noted already is set anew"),
    )
    parser.add_argument(
        "--from",
        dest="since",
        metavar=day,
        help=tr("第一天，默认今天", "first day, today by default"),
    )
    parser.add_argument("--to", dest="until", metavar=day, help=tr("最后一天", "last day"))
    parser.add_argument(
        "--photo",
        type=Path,
        action="append",
        default=[],
        metavar=tr("照片", "PHOTO"),
        help=tr("现场照片，可多次", "photo of it hanging; may be repeated"),
    )
    parser.add_argument("--note", metavar=tr("备注", "TEXT"), help=tr("备注", "a note"))
    parser.add_argument(
        "--remove", action="store_true", help=tr("从记录中删去这个地点", "take that place out of the record")
    )
    parser.add_argument(
        "--identify",
        type=Path,
        metavar=tr("文件", "FILE"),
        help=tr("核对一个文件是不是当时发布的那一份", "tell whether a file is one of those posted"),
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        metavar=tr("文件", "FILE"),
        help=tr("写成表格 .xlsx .csv", "write it as a table, .xlsx .csv"),
    )
    internal_argument(parser)


def run(args: argparse.Namespace, console: Console) -> Report:
    """List, note or identify."""
    _check_words(args)
    if args.out:
        check_out(args.out, args.project, ENDINGS)
    digest = _digest(args.identify) if args.identify else None
    with opened(args.project, read_only=args.number is None, console=console) as project:
        if args.number is not None:
            _note(project, args)
        data = {"postings": posting_data(project)}
        if digest is not None:
            return _identified(project, args.identify, digest, data)
        if args.out:
            return _table(project, args, data)
        return Report(data, posting_lines(project) or [tr("尚无公示记录。", "Nothing was posted yet.")])


def _check_words(args: argparse.Namespace) -> None:
    told = any((args.place, args.since, args.until, args.photo, args.note, args.remove))
    if (told and args.number is None) or (args.number is not None and not args.place):
        raise UsageError(
            Text("记录张贴需要同时写明序号和 --place。", "Noting where it hangs takes a number and --place."),
            Text(
                "例如：{p} posting 项目.gpkg 2 --place 东门公示栏 --from 2026-11-01",
                "For example: {p} posting plan.gpkg 2 --place “east gate” --from 2026-11-01",
            ).format(p=PROGRAM),
            code="usage.posting",
        )
    if args.number is not None and (args.identify or args.out):
        words = Text("--identify 和 --out 不与序号同用。", "Neither --identify nor --out goes with a number.")
        raise UsageError(words, code="usage.posting")


def _note(project: Project, args: argparse.Namespace) -> None:
    from layers.posting import Board

    posting = _numbered(project.postings, args.number)
    place = args.place.strip()
    known = next((board for board in reversed(posting.boards) if board.place == place), None)
    if args.remove:
        if known is None:
            raise NotFoundError(
                Text("公示记录中没有这个张贴地点。", "That place is not in the posting record."),
                code="board.unknown",
            )
        project.remove_board(known.uid)
        return
    photos = [(_read(path), path.name) for path in args.photo]
    board = known or Board(place, date.today().isoformat())
    project.set_board(posting.key, _updated(board, args), photos)


def _updated(board: Board, args: argparse.Namespace) -> Board:
    return replace(
        board,
        since=args.since if args.since is not None else board.since,
        until=args.until if args.until is not None else board.until,
        note=args.note if args.note is not None else board.note,
    )


def _numbered(postings: Sequence[Posting], number: int) -> Posting:
    if number > len(postings):
        raise NotFoundError(
            Text("没有第 {n} 条公示记录，共 {m} 条。", "There is no posting {n}; there are {m}.").format(
                n=number, m=len(postings)
            ),
            code="posting.unknown",
        )
    return postings[number - 1]


def posting_data(project: Project) -> list[dict[str, Any]]:
    """Return the record as plain JSON values, oldest first."""
    from layers.posting import superseded

    postings = project.postings
    newer = superseded(postings, project.revisions)
    return [
        {
            "number": number,
            "key": p.key,
            "revision": p.revision,
            "compared_with": p.compared_with,
            "profile": p.profile,
            "form": p.form,
            "file_name": p.file_name,
            "sha256": p.sha256,
            "created": p.created,
            "superseded_by": newer[p.key].revision if p.key in newer else None,
            "boards": [_board_data(board, p.key in newer) for board in p.boards],
        }
        for number, p in enumerate(postings, 1)
    ]


def _board_data(board: Board, superseded: bool) -> dict[str, Any]:
    hangs = board.hangs_on(date.today().isoformat())
    return {**vars(board), "photos": list(board.photos), "hangs": hangs, "outdated": hangs and superseded}


def _board_now(board: Board, superseded: bool) -> str:
    """Say whether a board hangs today, and whether it should."""
    today = date.today().isoformat()
    if board.hangs_on(today):
        return tr("仍挂着，请更换", "still up, replace it") if superseded else tr("挂着", "up")
    return tr("尚未张贴", "not up yet") if today < board.since else tr("已撤下", "down")


def posting_lines(project: Project) -> list[str]:
    """Return the record for a person: the list, the boards, and what should come down."""
    from gis.revisions import posting_table as words
    from layers.posting import published_again, superseded

    postings, revisions = project.postings, project.revisions
    newer, again = superseded(postings, revisions), published_again(postings)
    rows = [
        (
            str(number),
            p.revision,
            tr(words.FORMS[p.form]),
            tr(words.readers_told(p)),
            p.created[:16].replace("T", " "),
            one_line(p.file_name, 36),
            tr(words.standing_told(p, newer.get(p.key), again=p.key in again)),
        )
        for number, p in enumerate(postings, 1)
    ]
    heads = (
        *("#", tr("版次", "Label"), tr("形式", "Form"), tr("面向", "For")),
        *(tr("时间", "Time"), tr("文件", "File"), tr("现状", "Standing")),
    )
    lines = table(rows, heads, right=(0,)) if rows else []
    boards = [
        (
            *(str(number), one_line(board.place, 30), tr(words.days_told(board))),
            *(_board_now(board, p.key in newer), one_line(board.note, 40)),
        )
        for number, p in enumerate(postings, 1)
        for board in p.boards
    ]
    if boards:
        titles = "#", tr("张贴地点", "Place"), tr("时间", "When"), tr("今天", "Today"), tr("备注", "Note")
        lines += ["", *table(boards, titles, right=(0,))]
    old = words.still_hanging(postings, revisions, date.today().isoformat())
    told = Text("“{p}”仍挂着 {r}，已被 {n} 取代，请更换。", "“{p}” still shows {r}, superseded by {n}.")
    warned = [tr(told.format(p=b.place, r=p.revision, n=n.revision)) for p, b, n in old]
    return [*lines, "", *warned] if warned else lines


def _table(project: Project, args: argparse.Namespace, data: dict[str, Any]) -> Report:
    from gis.revisions.posting_table import posting_sheet
    from gis.revisions.sheet_writing import write_sheets

    masks = masks_of(args, project)
    sheets = [posting_sheet(project.postings, project.revisions)]
    paths = write_sheets(sheets, args.out, language(), masks)
    told = pairs((tr("已写出", "Written"), ", ".join(map(str, paths))), masks_told(masks))
    found = {"paths": [str(path) for path in paths], "masked": masks and masks.places}
    return Report({**data, **found}, told)


def _identified(project: Project, path: Path, digest: str, data: dict[str, Any]) -> Report:
    from gis.revisions.posting_table import standing_told
    from layers.posting import superseded

    found = next((p for p in reversed(project.postings) if p.sha256 == digest), None)
    if found is None:
        raise NotFoundError(
            Text("“{n}”不在公示记录里。", "“{n}” is none of those posted.").format(n=path.name),
            Text(
                "文件可能被改过，或不是由本项目发布的。",
                "It was altered, or not published from this project.",
            ),
            code="posting.unknown",
        )
    newer = superseded(project.postings, project.revisions).get(found.key)
    lines = pairs(
        (tr("版次", "Revision"), found.revision),
        (tr("发布时间", "Made on"), found.created[:16].replace("T", " ")),
        (tr("现状", "Standing"), tr(standing_told(found, newer))),
        ("SHA-256", digest),
    )
    told = {"key": found.key, "standing": text_data(standing_told(found, newer))}
    return Report({"sha256": digest, **told, **data}, lines)


def _digest(path: Path) -> str:
    from hashlib import sha256

    return sha256(_read(path)).hexdigest()


def _read(path: Path) -> bytes:
    must_exist(path)
    try:
        return path.read_bytes()
    except OSError as error:
        raise StorageError(
            Text("无法读取“{n}”：{w}", "Cannot read “{n}”: {w}").format(n=path.name, w=disk_words(error)),
            code="file.read",
        ) from error
