"""A folder of pages with an index: every revision of one or more estates, still without a server.

The index carries its own list as data, so that another estate can be added
later, by another computer, without anything but the folder. Pages are made
anew from the project; those that come out as they were are left alone, so
publishing again changes just what is new and the marks of what it replaces.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.disk_words import disk_words
from gis.privacy import masked, roster
from gis.progress import Progress
from gis.publish.background import Picture
from gis.publish.content import SiteEstate, SiteRevision
from gis.publish.file_names import file_stem
from gis.publish.publication import Page, PublishResult, make_page, superseded_by
from gis.publish.states import Settings, compared_pairs, now_of
from gis.publish.writing import write_whole
from gis.revisions.chapters import revisions_to
from gis.roster import names_of
from layers.errors import BadInputError, PublishError, StorageError
from layers.revision import WORKING, Revision
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project

INDEX: Final = "index.html"
_LIST: Final = re.compile(r'<script type="application/json" id="list">([^<]*)</script>')


@dataclass(frozen=True)
class SiteResult:
    """What publishing a site did.

    Parameters
    ----------
    index : Path
    pages : tuple of PublishResult
        Every page of the project's revisions.
    written : tuple of str
        File names that were new or changed.
    estates : tuple of SiteEstate
        Everything that the index lists now.
    """

    index: Path
    pages: tuple[PublishResult, ...]
    written: tuple[str, ...]
    estates: tuple[SiteEstate, ...]


def publish_site(
    project: Project,
    folder: Path,
    *,
    compare: str | None = None,
    profile: str = "public",
    theme: str | None = None,
    picture: Picture | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> SiteResult:
    """Publish the revisions that led to the working plan into a folder, and list them in its index.

    Pages of other alternatives that were published there before stay as they are, and stay listed.

    Parameters
    ----------
    project : Project
    folder : Path
        Made if it is not there; its parent must be.
    compare : str, optional
        Since which revision the pages of all later ones tell their changes. Each since the one before it
        if not given, and so in any case those up to that revision.
    profile, theme, picture, progress
        As of `gis.publish.publish`.
    settings
        As there; pages of older revisions keep their notice period.

    Raises
    ------
    NotFoundError, RefusedError
        If there is no such revision to compare with, or it did not lead to the newest one.
    PublishError
        If the project has no revision yet, or the folder holds newer ones that it does not know.
    BadInputError
        If the folder has an index that is not Planboard's.
    StorageError
        If the disk refuses; each file is then as it was or as it should be.
    """
    progress = progress or Progress()
    line = revisions_to(project, WORKING)
    if not line:
        raise PublishError(
            Text("还没有定版，无法发布网站。", "There is no revision yet to publish as a site."),
            Text("请先定版，再发布。", "Freeze the plan first."),
            code="publish.no-revision",
        )
    compared_pairs(line, compare, project.revisions)
    folder = Path(folder)
    known = read_index(folder)
    key = hashlib.sha256(line[0].uuid.encode()).hexdigest()[:16]
    _check_not_newer(project, key, known)
    names = _file_names(_public_title(project, settings), folder, line, key, known)
    wanted = _Wanted(compare, profile, theme, picture, settings)
    pages = _pages(project, line, names, wanted, progress.part(0.0, 0.85))
    listed = _with_others(project, folder, key, known, [_listed(page, names) for page in pages])
    estate = SiteEstate(key, pages[-1].content.title, listed)
    estates = tuple(estate if one.key == key else one for one in known)
    estates = estates if estate in estates else (*estates, estate)
    progress.step(0.85, Text("写入文件", "Writing the files"))
    written = _write(project, folder, pages, names, estates)
    results = tuple(page.result(folder / names[page.revision]) for page in pages)
    return SiteResult(folder / INDEX, results, written, estates)


def read_index(folder: Path) -> tuple[SiteEstate, ...]:
    """Return the estates that a folder's index lists; none if there is no index.

    Raises
    ------
    BadInputError
        If there is an ``index.html`` that Planboard did not write.
    """
    path = folder / INDEX
    if not path.exists():
        return ()
    try:
        found = _LIST.search(path.read_text("utf-8"))
        data = json.loads(found.group(1) if found else "")
        return tuple(_estate(one) for one in data["estates"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadInputError(
            Text("文件夹中的 index.html 不是本程序生成的，未作任何更改。",
                 "The folder has an index.html that is not Planboard's; nothing was changed."),
            Text("请另选一个文件夹。", "Choose another folder."),
            code="publish.index",
        ) from error  # fmt: skip


def _estate(data: Mapping[str, Any]) -> SiteEstate:
    revisions = tuple(
        SiteRevision(
            str(one["label"]), str(one["title"]), str(one["date"]), _safe(one["file_name"]),
            int(one["changes"]), str(one["sha256"]),
        )
        for one in data["revisions"]
    )  # fmt: skip
    return SiteEstate(str(data["key"]), str(data["title"]), revisions)


def _safe(name: object) -> str:
    """Return a file name of an index as it was, or raise `ValueError` if no page could have it."""
    text = str(name)
    if text != f"{file_stem(text.removesuffix('.html'))}.html":
        raise ValueError(text)
    return text


def _with_others(
    project: Project,
    folder: Path,
    key: str,
    known: Sequence[SiteEstate],
    made: Sequence[SiteRevision],
) -> tuple[SiteRevision, ...]:
    """Return what the index lists of an estate: what was just made, and alternatives that lie there."""
    labels = [revision.label for revision in project.revisions]
    before = next((one.revisions for one in known if one.key == key), ())
    ours = {one.label for one in made}
    others = [
        r for r in before if r.label in labels and r.label not in ours and (folder / r.file_name).is_file()
    ]
    earlier = sorted([*made[:-1], *others], key=lambda one: labels.index(one.label))
    return (*earlier, made[-1])


def _check_not_newer(project: Project, key: str, known: Sequence[SiteEstate]) -> None:
    """Refuse to put an older copy of the project over what a newer one has published."""
    ours = {revision.label for revision in project.revisions}
    listed = next((one.revisions for one in known if one.key == key), ())
    if missing := [one.label for one in listed if one.label not in ours]:
        raise PublishError(
            Text(
                "文件夹里已有 {labels}，而这个项目文件里没有：它可能是较旧的副本。未作任何更改。",
                "The folder holds {labels}, which this project does not: it may be an older copy. "
                "Nothing was changed.",
            ).format(labels="、".join(missing)),
            Text("请用最新的项目文件发布，或另选文件夹。", "Publish from the newest copy, or elsewhere."),
            code="publish.older-copy",
        )


def _is_page(path: Path) -> bool:
    """Tell whether a file is a page that we may replace: an index may have been lost."""
    try:
        return b'<script type="application/octet-stream" id="data">' in path.read_bytes()
    except OSError:
        return False


def _public_title(project: Project, settings: Settings | None) -> str:
    """Return the name of the estate as files may be called by it: a file name is read by everybody."""
    now = now_of(project, settings)
    return masked(now.title, roster(names_of(now, project.path)))[0]


def _file_names(
    title: str, folder: Path, line: Sequence[Revision], key: str, known: Sequence[SiteEstate]
) -> dict[str, str]:
    """Return a file name for each revision: the one it has already, or one that nothing else has.

    A file that lies there and is no page of ours keeps its name.
    """
    before = next((one for one in known if one.key == key), None)
    names = {one.label: one.file_name for one in before.revisions} if before else {}
    taken = {r.file_name.casefold() for one in known for r in one.revisions} | {INDEX}
    for revision in line:
        if revision.label in names:
            continue
        name, number = f"{file_stem(title, masked(revision.label)[0])}.html", 1
        while name.casefold() in taken or ((folder / name).exists() and not _is_page(folder / name)):
            number += 1
            name = f"{file_stem(title, str(number), masked(revision.label)[0])}.html"
        names[revision.label] = name
        taken.add(name.casefold())
    return names


@dataclass(frozen=True)
class _Wanted:
    """How the pages are wanted, all alike."""

    compare: str | None
    profile: str
    theme: str | None
    picture: Picture | None
    settings: Settings | None


def _pages(
    project: Project,
    line: Sequence[Revision],
    names: Mapping[str, str],
    wanted: _Wanted,
    progress: Progress,
) -> list[Page]:
    pages, newest = [], line[-1]
    labels = [revision.label for revision in line]
    for i, revision in enumerate(line):
        part = progress.part(i / len(line), (i + 1) / len(line))
        mark = None if revision is newest else superseded_by(newest, names[newest.label])
        page = make_page(
            project,
            revision=revision.label,
            compare=wanted.compare if wanted.compare in labels[:i] else None,
            profile=wanted.profile,
            theme=wanted.theme,
            picture=wanted.picture,
            superseded=mark,
            settings=wanted.settings,
            progress=part,
        )
        pages.append(page)
    return pages


def _listed(page: Page, names: Mapping[str, str]) -> SiteRevision:
    public = page.content.revisions[-1]
    changes = [len(c.groups) for c in page.content.comparisons if c.after == len(page.content.revisions) - 1]
    return SiteRevision(
        page.revision, public.title, public.date, names[page.revision], sum(changes), page.sha256
    )


def _write(
    project: Project,
    folder: Path,
    pages: Sequence[Page],
    names: Mapping[str, str],
    estates: Sequence[SiteEstate],
) -> tuple[str, ...]:
    """Write what is new, the index last, and record what was published."""
    from gis.publish.page.index_page import build_index

    listed = [asdict(estate) for estate in estates]
    shown = [replace(one, revisions=tuple(reversed(one.revisions))) for one in estates]
    index = build_index(shown, json.dumps({"estates": listed}, ensure_ascii=True, sort_keys=True))
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StorageError(
            Text("无法建立文件夹 {name}：{why}。", "Cannot make the folder {name}: {why}.").format(
                name=folder.name, why=disk_words(error)
            ),
            code="publish.folder",
        ) from error
    written = []
    for page in pages:
        name = names[page.revision]
        if _put(folder / name, page.data):
            written.append(name)
            if not project.read_only:
                project.record_posting(page.posting(name))
    if _put(folder / INDEX, index):
        written.append(INDEX)
    return tuple(written)


def _put(path: Path, data: bytes) -> bool:
    """Write a file unless it is just so already; tell whether it was written."""
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return False
    write_whole(path, data)
    return True
