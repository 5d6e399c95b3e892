"""From a revision of a project to one file that anyone can open."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gis.notice import with_notice_of, with_todays_notice
from gis.progress import Progress
from gis.publish.background import Picture, background
from gis.publish.content import PageContent, Superseded
from gis.publish.photos import PhotoShelf
from gis.publish.profile import Profile, profile_of
from gis.publish.redaction import Redacted, State, page_origin, redact
from gis.publish.review import Review, review_of
from gis.publish.writing import write_whole
from gis.revisions.compare import compare as compare_states
from gis.roster import names_of
from layers.changes import JsonValue
from layers.errors import Finding, NotFoundError, RefusedError
from layers.posting import Posting
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project

Settings: TypeAlias = Mapping[str, JsonValue]


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


@dataclass(frozen=True)
class Page:
    """A finished page that lies nowhere yet.

    Parameters
    ----------
    data : bytes
    content : PageContent
    removed : tuple of Finding
    revision : str
    compared_with : str or None
    profile : str
    """

    data: bytes
    content: PageContent
    removed: tuple[Finding, ...]
    revision: str
    compared_with: str | None
    profile: str

    @property
    def sha256(self) -> str:
        """Hash of the bytes."""
        return hashlib.sha256(self.data).hexdigest()

    def posting(self, file_name: str) -> Posting:
        """Return the record that this page was published under a file name just now."""
        created = dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")
        return Posting(self.revision, self.compared_with, self.profile, file_name, self.sha256, created)

    def result(self, path: Path) -> PublishResult:
        """Return what to say about the page once it lies in a file."""
        return PublishResult(path, self.sha256, len(self.data), _counts(self.content), self.removed)


def publish(
    project: Project,
    out: Path,
    *,
    revision: str,
    compare: str | None = None,
    profile: str = "public",
    picture: Picture | None = None,
    settings: Settings | None = None,
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
    picture : Picture, optional
        An aerial photo or map below the plan.
    settings : mapping of setting name to JSON value, optional
        What profile, roster, photos, title and notice are read from, instead of the project's own.
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
    newer = _superseded(project, revision, profile)
    page = make_page(
        project,
        revision=revision,
        compare=compare,
        profile=profile,
        picture=picture,
        superseded=newer,
        settings=settings,
        progress=progress.part(0.0, 0.95),
    )
    progress.step(0.95, Text("写入文件", "Writing the file"))
    write_whole(Path(out), page.data)
    if not project.read_only:
        project.record_posting(page.posting(Path(out).name))
    return page.result(Path(out))


def make_page(
    project: Project,
    *,
    revision: str,
    compare: str | None = None,
    profile: str = "public",
    picture: Picture | None = None,
    superseded: Superseded | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Page:
    """Return the page of a revision without writing it; parameters and errors as of `publish`.

    Parameters
    ----------
    superseded : Superseded, optional
        What has replaced it, told at its head.
    """
    progress = progress or Progress()
    chosen = profile_of(profile, _now(project, settings))
    shown = _shown(project.revisions, revision)
    pairs = _pairs(shown, compare, project.revisions)
    states = _states(project, shown, settings, progress.part(0.0, 0.3))
    redacted = _redacted(project, states, pairs, chosen, settings, progress.part(0.3, 0.7))
    placed = background(picture, redacted.content.extent, page_origin(states)) if picture else None
    content = replace(redacted.content, superseded=superseded, background=placed)
    progress.step(0.7, Text("生成网页", "Making the page"))
    from gis.publish.page import build_page  # late: folium takes half a second

    data = build_page(content)
    against = next((shown[before] for before, after in pairs if after == len(shown) - 1), None)
    return Page(data, content, redacted.removed, revision, against.label if against else None, chosen.name)


def preview(
    project: Project,
    *,
    revision: str,
    compare: str | None = None,
    profile: str = "public",
    picture: Picture | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Review:
    """Return what `publish` would publish and what it would leave out, without writing anything."""
    progress = progress or Progress()
    chosen = profile_of(profile, _now(project, settings))
    shown = _shown(project.revisions, revision)
    states = _states(project, shown, settings, progress.part(0.0, 0.4))
    pairs = _pairs(shown, compare, project.revisions)
    redacted = _redacted(project, states, pairs, chosen, settings, progress.part(0.4, 1.0))
    placed = background(picture, redacted.content.extent, page_origin(states)) if picture else None
    content = replace(redacted.content, background=placed)
    return review_of(content, redacted.removed, states[-1].snapshot, chosen)


def _now(project: Project, settings: Settings | None) -> Snapshot:
    return project.snapshot if settings is None else replace(project.snapshot, settings=settings)


def _states(
    project: Project, shown: Sequence[Revision | None], settings: Settings | None, progress: Progress
) -> list[State]:
    states = []
    for i, one in enumerate(shown):
        progress.step(i / len(shown), Text("读取版次", "Reading revisions"))
        states.append(State(one, project.state(one.label if one else WORKING)))
    newest = shown[-1] is None or shown[-1] == project.revisions[-1]
    last = states[-1].snapshot
    if settings is None:
        said = with_todays_notice(last, project.snapshot, newest=newest)
    else:
        said = with_notice_of(last, settings)
    return [*states[:-1], replace(states[-1], snapshot=said)]


def _redacted(
    project: Project,
    states: Sequence[State],
    pairs: Sequence[tuple[int, int]],
    profile: Profile,
    settings: Settings | None,
    progress: Progress,
) -> Redacted:
    """Hold the states against the gate, with roster and photos as the project has them today."""
    progress.step(0.0, Text("比较版次", "Comparing revisions"))
    comparisons = [
        (before, after, compare_states(states[before].snapshot, states[after].snapshot))
        for before, after in pairs
    ]
    now = _now(project, settings)
    shelf = PhotoShelf(lambda photo_id: project.photo(photo_id).data, now.settings, profile.photos)
    names, part = names_of(now, project.path), progress.part(0.3, 1.0)
    return redact(states, comparisons, profile, part, names=names, shelf=shelf)


def _superseded(project: Project, revision: str, profile: str) -> Superseded | None:
    """Return the newest later revision that was published for the same readers, or None."""
    labels = [r.label for r in project.revisions]
    if revision not in labels:
        return None
    posted = {p.revision for p in project.postings if p.profile == profile}
    later = [r for r in project.revisions[labels.index(revision) + 1 :] if r.label in posted]
    return superseded_by(later[-1]) if later else None


def superseded_by(newer: Revision, file_name: str = "") -> Superseded:
    """Return the mark of a page that a newer revision replaces, with the newer file if it lies beside it."""
    return Superseded(newer.label, newer.title, newer.created[:10], file_name)


def _shown(revisions: Sequence[Revision], wanted: str) -> list[Revision | None]:
    """Return the revisions up to the wanted one; None stands for the working plan."""
    if wanted == WORKING:
        return [*revisions, None]
    labels = [r.label for r in revisions]
    if wanted not in labels:
        raise _no_revision(wanted, labels)
    return list(revisions[: labels.index(wanted) + 1])


def _pairs(
    shown: Sequence[Revision | None], compare: str | None, known: Sequence[Revision]
) -> list[tuple[int, int]]:
    """Return which revisions are compared: each with the one before, the last with the one asked for."""
    last = len(shown) - 1
    pairs = [(i - 1, i) for i in range(1, last + 1)]
    if compare is not None:
        labels = [r.label if r else WORKING for r in shown]
        if compare not in labels[:-1]:
            there = compare == WORKING or compare in {r.label for r in known}
            raise _not_before(labels[-1], compare) if there else _no_revision(compare, labels[:-1])
        pairs[-1] = (labels.index(compare), last)
    return pairs


def _not_before(revision: str, compare: str) -> RefusedError:
    if revision == compare:
        return RefusedError(
            Text("不能把 {label} 与自己比较。", "{label} cannot be compared with itself.").format(
                label=revision
            ),
            Text("请选择一个更早的版次。", "Choose an earlier revision."),
            code="publish.order",
        )
    return RefusedError(
        Text(
            "{other} 比 {label} 晚：网页只写与以前版次相比的变化。",
            "{other} is later than {label}: a page tells changes since an earlier revision.",
        ).format(other=compare, label=revision),
        Text(
            "请把两者对调：发布 {other}，与 {label} 比较。",
            "Swap them: publish {other}, compared with {label}.",
        ).format(other=compare, label=revision),
        code="publish.order",
    )


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
