"""From a revision of a project to one file that anyone can open."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Required, TypedDict, Unpack

from gis.progress import Progress
from gis.publish.background import Picture, background
from gis.publish.content import PageContent, Superseded
from gis.publish.photos import PhotoShelf
from gis.publish.profile import Profile, profile_of
from gis.publish.redaction import Redacted, State, page_origin, redact
from gis.publish.review import Review, review_of
from gis.publish.states import Settings, compared_pairs, now_of, shown_revisions, states_of
from gis.publish.writing import check_free, write_whole
from gis.revisions.chapters import reasons_between
from gis.revisions.compare import compare as compare_states
from gis.roster import names_of
from gis.store.bulk import many_objects
from layers.errors import Finding
from layers.posting import Posting
from layers.posting import superseded as superseded_postings
from layers.revision import Revision
from layers.snapshot import Snapshot
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
    compared_with : str or None
        Label of the revision since which its changes are told; None if there is no earlier one.
    """

    path: Path
    sha256: str
    bytes: int
    counts: Mapping[str, int]
    removed: tuple[Finding, ...]
    compared_with: str | None = None


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

    def of(self, draft: Draft) -> bool:
        """Tell whether it was made from a draft."""
        return self.content is draft.content

    def posting(self, file_name: str) -> Posting:
        """Return the record that this page was published under a file name just now."""
        created = dt.datetime.now(dt.UTC).astimezone().isoformat(timespec="seconds")
        return Posting(self.revision, self.compared_with, self.profile, file_name, self.sha256, created)

    def result(self, path: Path) -> PublishResult:
        """Return what to say about the page once it lies in a file."""
        return PublishResult(
            path, self.sha256, len(self.data), _counts(self.content), self.removed, self.compared_with
        )


@dataclass(frozen=True)
class Draft:
    """What a page would say, gone through the gate: reviewed and made into a page from the very same values.

    Parameters
    ----------
    content : PageContent
    removed : tuple of Finding
    revision : str
    compared_with : str or None
    profile : Profile
    snapshot : Snapshot
        The state that is published, with what is private.
    """

    content: PageContent
    removed: tuple[Finding, ...]
    revision: str
    compared_with: str | None
    profile: Profile
    snapshot: Snapshot

    def review(self) -> Review:
        """Return what would be public and what stays out."""
        return review_of(self.content, self.removed, self.snapshot, self.profile)

    def page(self) -> Page:
        """Return the finished page."""
        from gis.publish.page import build_page  # late: folium takes half a second

        with many_objects():
            data = build_page(self.content)
        return Page(data, self.content, self.removed, self.revision, self.compared_with, self.profile.name)


class Wishes(TypedDict, total=False):
    """What page is wanted, as `publish` tells it."""

    revision: Required[str]
    compare: str | None
    profile: str
    theme: str | None
    picture: Picture | None
    settings: Settings | None


def publish(
    project: Project, out: Path, *, progress: Progress | None = None, **wishes: Unpack[Wishes]
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
    theme : str, optional
        Name of a theme: layers that it hides stay out, the others look as it has them. Filters leave
        nothing out: a page that held a part of a layer would number its objects otherwise.
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
        If there is no such revision, profile or theme.
    PublishError
        If nothing may be published, or the page fails its own check.
    RefusedError
        If another program's file of that name is there.
    StorageError
        If the file cannot be written.
    """
    progress = progress or Progress()
    check_free(Path(out))
    newer = _superseded(project, wishes)
    page = make_page(project, superseded=newer, progress=progress.part(0.0, 0.95), **wishes)
    return put_page(project, page, Path(out), progress.part(0.95, 1.0))


def put_page(project: Project, page: Page, out: Path, progress: Progress) -> PublishResult:
    """Write a finished page into a file and record it; errors as of `publish`."""
    check_free(out)
    progress.step(0.0, Text("写入文件", "Writing the file"))
    write_whole(out, page.data)
    if not project.read_only:
        project.record_posting(page.posting(out.name))
    return page.result(out)


def make_page(
    project: Project,
    *,
    superseded: Superseded | None = None,
    progress: Progress | None = None,
    **wishes: Unpack[Wishes],
) -> Page:
    """Return the page of a revision without writing it; parameters and errors as of `draft`."""
    progress = progress or Progress()
    made = draft(project, superseded=superseded, progress=progress.part(0.0, 0.7), **wishes)
    progress.step(0.7, Text("生成网页", "Making the page"))
    return made.page()


def preview(project: Project, *, progress: Progress | None = None, **wishes: Unpack[Wishes]) -> Review:
    """Return what `publish` would publish and what it would leave out, without writing anything."""
    newer = _superseded(project, wishes)
    return draft(project, superseded=newer, progress=progress, **wishes).review()


def _superseded(project: Project, wishes: Wishes) -> Superseded | None:
    return superseded_today(project, wishes["revision"], wishes.get("profile", "public"))


def draft(
    project: Project,
    *,
    revision: str,
    compare: str | None = None,
    profile: str = "public",
    theme: str | None = None,
    picture: Picture | None = None,
    superseded: Superseded | None = None,
    settings: Settings | None = None,
    progress: Progress | None = None,
) -> Draft:
    """Return what the page of a revision would say; parameters and errors as of `publish`.

    Parameters
    ----------
    superseded : Superseded, optional
        What has replaced it, told at its head.
    """
    progress = progress or Progress()
    chosen = profile_of(profile, now_of(project, settings))
    shown = shown_revisions(project, revision)
    pairs = compared_pairs(shown, compare, project.revisions)
    with many_objects(stay=True):
        states = states_of(project, shown, settings, theme, progress.part(0.0, 0.4))
        held = progress.part(0.4, 0.9)
        redacted = _redacted(project, states, pairs, chosen, settings, theme, superseded, held)
    placed = None
    if picture is not None:
        progress.step(0.9, Text("裁剪背景图", "Cutting the background"))
        crs = states[-1].snapshot.crs
        rest = progress.part(0.9, 1.0)
        placed = background(picture, redacted.content.extent, page_origin(states), crs, rest)
    content = replace(redacted.content, background=placed)
    against = next((shown[before] for before, after in pairs if after == len(shown) - 1), None)
    label = against.label if against else None
    return Draft(content, redacted.removed, revision, label, chosen, states[-1].snapshot)


def _redacted(
    project: Project,
    states: Sequence[State],
    pairs: Sequence[tuple[int, int]],
    profile: Profile,
    settings: Settings | None,
    theme: str | None,
    superseded: Superseded | None,
    progress: Progress,
) -> Redacted:
    """Hold the states against the gate, with roster and photos as the project has them today."""
    comparisons = []
    for at, (before, after) in enumerate(pairs):
        progress.part(0.0, 0.3).step(at / len(pairs), Text("比较版次", "Comparing revisions"))
        labels = states[before].label, states[after].label
        changes = project.changes_between(*labels)
        why = reasons_between(project, *labels, changes)
        found = compare_states(states[before].snapshot, states[after].snapshot, changes, why)
        comparisons.append((before, after, found))
    now = now_of(project, settings)
    shelf = PhotoShelf(lambda photo_id: project.photo(photo_id).data, now.settings, profile.photos)
    names, part = names_of(now, project.path), progress.part(0.3, 1.0)
    return redact(
        states, comparisons, profile, part, names=names, shelf=shelf, theme=theme, superseded=superseded
    )


def superseded_today(project: Project, revision: str, profile: str) -> Superseded | None:
    """Return what was published for the same readers and replaces a revision, or None."""
    ours = Posting(revision, None, profile, "a.html", "", dt.datetime.now(dt.UTC).isoformat())
    newer = superseded_postings((*project.postings, ours), project.revisions).get(ours.key)
    found = next((r for r in project.revisions if newer is not None and r.label == newer.revision), None)
    return superseded_by(found) if found else None


def superseded_by(newer: Revision, file_name: str = "") -> Superseded:
    """Return the mark of a page that a newer revision replaces, with the newer file if it lies beside it."""
    return Superseded(newer.label, newer.title, newer.created[:10], file_name)


def _counts(content: PageContent) -> dict[str, int]:
    last = len(content.revisions) - 1
    changes = [len(c.groups) for c in content.comparisons if c.after == last]
    return {
        "features": sum(sum(end == last for end in layer.last) for layer in content.layers),
        "layers": len(content.layers),
        "revisions": len(content.revisions),
        "changes": changes[-1] if changes else 0,
    }
