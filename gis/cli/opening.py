"""Opening projects for verbs, and naming revisions."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from gis.i18n import tr
from layers.errors import NotFoundError, RefusedError, UsageError
from layers.revision import WORKING
from layers.text import Text

if TYPE_CHECKING:
    from gis.cli.console import Console
    from gis.project import Project
    from layers.snapshot import Snapshot


@contextmanager
def opened(path: Path, *, read_only: bool = False, console: Console | None = None) -> Iterator[Project]:
    """Open a project for the length of a block.

    Parameters
    ----------
    console : Console, optional
        Shows how far the taking over of other programs' edits is, and tells what was found of them.

    Raises
    ------
    NotFoundError
        If the file does not exist.
    BadInputError
        If it is no project, or damaged, or newer than this program.
    """
    from gis.project import Project  # late: numpy and shapely

    must_exist(path)
    project = Project.open(path, read_only=read_only, progress=console.progress() if console else None)
    if console:
        console.notice(project.findings)
    try:
        yield project
    finally:
        project.close()


def state_of(project: Project, label: str | None) -> Snapshot:
    """Return the working plan (label None or ``working``) or a revision."""
    label = named(project, label)
    return project.snapshot if label == WORKING else project.state(label)


def named(project: Project, word: str | None) -> str:
    """Return the name of a state in the project: also for a title that lists show, such as 主方案.

    Parameters
    ----------
    word : str or None
        None is the working plan. What is no title is returned as it is: whoever uses it says so.
    """
    if word is None:
        return WORKING
    known = {r.label for r in project.revisions} | {b.name for b in project.branches} | {WORKING}
    titles = {t.casefold(): b.name for b in project.branches for t in (b.title.zh, b.title.en)}
    titles |= dict.fromkeys(_WORKING_WORDS, WORKING)
    return word if word in known else titles.get(word.strip().casefold(), word)


def shown_state(project: Project, word: str | None) -> str:
    """Return the name of a state to be put on paper or a page: the plan being edited is the working plan."""
    name = named(project, word)
    return WORKING if any(b.current and b.name == name for b in project.branches) else name


def compared_state(project: Project, state: str, word: str | None) -> str | None:
    """Return what a state is compared with: the revision before it if nothing is said.

    Parameters
    ----------
    state : str
        Label of a revision, or of a working plan.
    word : str or None
        What the user named; ``none`` (无) for no comparison.
    """
    from gis.revisions.chapters import parent_of

    if word is None:
        return parent_of(project, state)
    return None if word.strip().casefold() in _NONE_WORDS else shown_state(project, word)


_WORKING_WORDS = ("当前方案", "working plan", "草稿", "draft")
_NONE_WORDS = ("none", "无", "不对比")


def must_exist(path: Path) -> None:
    """Raise `NotFoundError` if there is no such file."""
    if not path.is_file():
        raise NotFoundError(
            Text("找不到文件：{path}", "There is no such file: {path}").format(path=path),
            Text("请检查文件名和所在文件夹。", "Check the name and the folder."),
            code="file.unknown",
        )


def revision_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--revision R``."""
    parser.add_argument(
        "--revision", metavar="R", help=tr("版次，默认当前方案", "revision; the working plan by default")
    )


def theme_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--theme NAME``."""
    parser.add_argument(
        "--theme",
        metavar=tr("主题", "NAME"),
        help=tr("按此主题显示图层和样式", "show layers and styles as this theme has them"),
    )


def themed(snapshot: Snapshot, theme: str | None) -> Snapshot:
    """Return a state as a theme shows it, if one is named."""
    from gis.edit.themes import with_theme

    return snapshot if theme is None else with_theme(snapshot, theme)


def check_out(out: Path, project: Path, endings: Sequence[str]) -> None:
    """Refuse an output of another kind, in a folder that is not there, or over the project itself."""
    if out.suffix.lower() not in endings:
        raise UsageError(
            Text("不能写成“{end}”。", "“{end}” cannot be written.").format(end=out.suffix or out.name),
            Text("可用：{ends}", "There are {ends}").format(ends=" ".join(endings)),
            code="usage.ending",
        )
    must_exist(project)
    must_be_new(out, overwrite=True)
    if out.exists() and out.samefile(project):
        words = Text("不能覆盖项目文件本身。", "The project itself cannot be overwritten.")
        raise UsageError(words, code="usage.itself")


def must_end_in_gpkg(path: Path) -> None:
    """Raise `UsageError` if a new project would not be known by its name, here or in QGIS."""
    if path.suffix.lower() != ".gpkg":
        raise UsageError(
            Text("项目文件名应以 .gpkg 结尾。", "The name of a project ends in .gpkg."), code="usage.ending"
        )


def must_be_new(path: Path, *, overwrite: bool = False) -> None:
    """Raise `RefusedError` if a file is there already, `NotFoundError` if its folder is not."""
    if not path.absolute().parent.is_dir():
        raise NotFoundError(
            Text("文件夹不存在：{path}", "There is no such folder: {path}").format(
                path=path.absolute().parent
            ),
            Text("请先建立文件夹。", "Make the folder first."),
            code="folder.unknown",
        )
    if path.is_dir() or (path.exists() and not overwrite):
        raise RefusedError(
            Text("{path} 已存在，未作任何更改。", "{path} is there already; nothing was changed.").format(
                path=path
            ),
            Text("请换一个文件名，或先移走原文件。", "Choose another name, or move that file away first."),
            code="file.exists",
        )
