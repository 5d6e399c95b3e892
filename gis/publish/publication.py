"""From a revision of a project to one file that anyone can open."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from gis.progress import Progress
from gis.publish.content import PageContent
from gis.publish.profile import Profile, profile_of
from gis.publish.redaction import Redacted, State, redact
from gis.revisions.compare import compare as compare_states
from layers.errors import Finding, NotFoundError, PublishError, StorageError
from layers.revision import WORKING, Posting, Revision
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project


@dataclass(frozen=True)
class PublishResult:
    """What was published.

    Parameters
    ----------
    path : Path
    sha256 : str
        Hash of the file as it lies on disk.
    bytes : int
        Its size.
    counts : mapping of str to int
        ``features``, ``layers``, ``revisions``, ``changes`` (numbered clouds) on the page.
    removed : tuple of Finding
        What was left out or masked, and why.
    """

    path: Path
    sha256: str
    bytes: int
    counts: Mapping[str, int]
    removed: tuple[Finding, ...]


def publish(
    project: Project,
    out: Path,
    *,
    revision: str,
    compare: str | None = None,
    profile: str = "public",
    progress: Progress | None = None,
) -> PublishResult:
    """Write a revision of a project as one HTML page that needs no network.

    Parameters
    ----------
    project : Project
    out : Path
        The file to write; replaced in one step, or left as it was.
    revision : str
        Label of the revision, or ``"working"``.
    compare : str, optional
        Label of the revision that changes are told against. The one before if not given.
    profile : str
        Who it is for: what may be published.
    progress : Progress, optional

    Returns
    -------
    PublishResult

    Raises
    ------
    NotFoundError
        If there is no such revision or profile.
    PublishError
        If nothing may be published, or the page fails its own check.
    StorageError
        If the file cannot be written.
    """
    progress = progress or Progress()
    chosen = profile_of(profile)
    shown = _shown(project.revisions, revision)
    pairs = _pairs(shown, compare)
    redacted = _redacted(project, shown, pairs, chosen, progress)
    progress.step(0.7, Text("生成网页", "Making the page"))
    from gis.publish.page import build_page  # late: folium takes half a second

    page = build_page(redacted.content)
    progress.step(0.95, Text("写入文件", "Writing the file"))
    _write(Path(out), page)
    digest = hashlib.sha256(page).hexdigest()
    if not project.read_only:
        created = dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")
        against = next((shown[before] for before, after in pairs if after == len(shown) - 1), None)
        label = against.label if against else None
        project.record_posting(Posting(revision, label, chosen.name, Path(out).name, digest, created))
    return PublishResult(Path(out), digest, len(page), _counts(redacted.content), redacted.removed)


def preview(
    project: Project, *, revision: str, compare: str | None = None, profile: str = "public"
) -> Redacted:
    """Return what `publish` would publish and what it would leave out, without writing anything."""
    shown = _shown(project.revisions, revision)
    return _redacted(project, shown, _pairs(shown, compare), profile_of(profile), Progress())


def _redacted(
    project: Project,
    shown: Sequence[Revision | None],
    pairs: Sequence[tuple[int, int]],
    profile: Profile,
    progress: Progress,
) -> Redacted:
    states = []
    for i, one in enumerate(shown):
        progress.step(0.3 * i / len(shown), Text("读取版次", "Reading revisions"))
        states.append(State(one, project.state(one.label if one else WORKING)))
    progress.step(0.3, Text("比较版次", "Comparing revisions"))
    comparisons = [
        (before, after, compare_states(states[before].snapshot, states[after].snapshot))
        for before, after in pairs
    ]
    return redact(states, comparisons, profile, progress.part(0.4, 0.7))


def _shown(revisions: Sequence[Revision], wanted: str) -> list[Revision | None]:
    """Return the revisions up to the wanted one; None stands for the working plan."""
    if wanted == WORKING:
        return [*revisions, None]
    labels = [r.label for r in revisions]
    if wanted not in labels:
        raise _no_revision(wanted, labels)
    return list(revisions[: labels.index(wanted) + 1])


def _pairs(shown: Sequence[Revision | None], compare: str | None) -> list[tuple[int, int]]:
    """Return which revisions are compared: each with the one before, the last with the one asked for."""
    last = len(shown) - 1
    pairs = [(i - 1, i) for i in range(1, last + 1)]
    if compare is not None:
        labels = [r.label if r else WORKING for r in shown]
        if compare not in labels[:-1]:
            raise _no_revision(compare, labels[:-1])
        pairs[-1] = (labels.index(compare), last)
    return pairs


def _no_revision(wanted: str, labels: Sequence[str]) -> NotFoundError:
    return NotFoundError(
        Text("这里没有版次“{label}”。", "There is no revision “{label}” here.").format(label=wanted),
        Text("可用版次：{labels}", "Revisions: {labels}").format(labels=", ".join(labels) or "—"),
        code="revision.unknown",
    )


def _counts(content: PageContent) -> dict[str, int]:
    last = len(content.revisions) - 1
    changes = [len(c.groups) for c in content.comparisons if c.after == last]
    return {
        "features": sum(sum(end == last for end in layer.last) for layer in content.layers),
        "layers": len(content.layers),
        "revisions": len(content.revisions),
        "changes": changes[-1] if changes else 0,
    }


def _write(out: Path, page: bytes) -> None:
    """Write beside, read back, and put in place in one step."""
    beside = None
    try:
        handle, beside = tempfile.mkstemp(prefix=".planboard-", suffix=".html", dir=out.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        if Path(beside).read_bytes() != page:
            raise PublishError(
                Text(
                    "写入的网页与生成的不一致，未替换原文件。", "The page on disk differs from what was made."
                ),
                Text("请换一个磁盘或文件夹再试。", "Try another disk or folder."),
                code="publish.check",
            )
        Path(beside).chmod(0o644)
        os.replace(beside, out)
        beside = None
    except OSError as error:
        raise StorageError(
            Text("无法写入 {path}：{why}", "Cannot write {path}: {why}").format(
                path=out.name, why=error.strerror or str(error)
            ),
            Text("原有文件保持不变。请换一个文件夹，或先关闭正在打开它的程序。",
                 "Any older file is as it was. Choose another folder, or close the program that holds it."),
            code="publish.write",
        ) from error  # fmt: skip
    finally:
        if beside is not None:
            Path(beside).unlink(missing_ok=True)
