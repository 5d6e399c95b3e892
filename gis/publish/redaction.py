"""The gate: what of a project may be published, as values the page can take.

A list says what may pass (`gis.publish.profile`); everything else stays
behind. What passes is scanned for personal data and rounded, and coordinates
are counted from a local zero, so that no absolute position is published.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from gis.notice import LANGUAGE, NOTICE_SETTINGS, TITLE
from gis.privacy import roster
from gis.progress import Progress
from gis.publish.content import Notice, PageContent, PublicLayer, PublicRevision, Superseded
from gis.publish.numbering import first_numbers
from gis.publish.photos import PhotoShelf
from gis.publish.profile import Profile
from gis.publish.public_changes import ChangeGate
from gis.publish.removed import Removed
from gis.publish.versions import Versions, layer_versions
from gis.revisions.comparison import Comparison
from layers.changes import JsonValue
from layers.errors import Finding, PublishError
from layers.kind import Role
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot
from layers.text import Text, same


@dataclass(frozen=True)
class State:
    """One revision to publish, or the working plan (`revision` is None)."""

    revision: Revision | None
    snapshot: Snapshot

    @property
    def label(self) -> str:
        """What the project calls it."""
        return self.revision.label if self.revision else WORKING


@dataclass(frozen=True)
class Redacted:
    """What may be published, and what was left out and why."""

    content: PageContent
    removed: tuple[Finding, ...]


def redact(
    states: Sequence[State],
    comparisons: Sequence[tuple[int, int, Comparison]],
    profile: Profile,
    progress: Progress | None = None,
    *,
    names: Sequence[str] = (),
    shelf: PhotoShelf | None = None,
    theme: str | None = None,
    superseded: Superseded | None = None,
) -> Redacted:
    """Return the public part of some revisions of a plan.

    Parameters
    ----------
    states : sequence of State
        Oldest first; the last is the one that is published.
    comparisons : sequence of (before, after, Comparison)
        With the places of both sides in `states`.
    profile : Profile
    progress : Progress, optional
    names : sequence of str
        The private roster: people whose names are masked in free text.
    shelf : PhotoShelf, optional
        Where photos come from; none are published without it.
    theme : str, optional
        Name of the theme that the states show; layers that it hides stay out.
    superseded : Superseded, optional
        What has replaced the page, in the words of the project.

    Raises
    ------
    PublishError
        If the profile lets nothing through that could be drawn.
    """
    progress = progress or Progress()
    removed = Removed(list(profile.findings), roster(tuple(names)))
    latest = states[-1].snapshot
    said = latest.settings
    origin = page_origin(states)
    layers: dict[str, Versions] = {}
    numbered = [first_numbers(state.snapshot) for state in states]
    shown = [name for name in _layer_ids(states) if _passes(name, states, profile, theme, removed)]
    for i, name in enumerate(shown):
        progress.step(i / max(1, len(shown)), Text("筛选公开内容", "Choosing what is public"))
        found = [state.snapshot.layers.get(name) for state in states]
        made = layer_versions(found, profile, origin, removed, shelf)
        firsts = tuple(numbers.get(name, 0) for numbers in numbered)
        layers[name] = replace(made, layer=replace(made.layer, numbered_from=firsts))
    public = tuple(v.layer for v in layers.values())
    extent = _extent(public)
    if extent is None:
        raise PublishError(
            Text("这个版次没有可以公开的图形。", "This revision has nothing to draw that may be published."),
            Text("请检查图层是否为空。", "See whether its layers are empty."),
            code="publish.empty",
        )
    gate = ChangeGate(layers, latest, origin, removed, profile.shows("drain-line"))
    changes = tuple(gate.compared(before, after, found) for before, after, found in comparisons)
    title = removed.text(str(said.get(TITLE) or latest.title), Text("项目名称", "Project title"))
    revisions = tuple(_revision(state, removed) for state in states)
    photos = tuple(shelf.photos) if shelf else ()
    spoken = str(said[LANGUAGE]) if said.get(LANGUAGE) in ("zh", "en") else ""
    notice, newer = _notice(said), _newer(superseded, removed)
    content = PageContent(title, revisions, public, extent, changes, notice, photos, newer, language=spoken)
    return Redacted(content, tuple(removed.findings))


def _layer_ids(states: Sequence[State]) -> list[str]:
    """Return the ids of all layers in drawing order, those of the latest state first."""
    names: dict[str, None] = {}
    for state in reversed(states):
        names.update(dict.fromkeys(state.snapshot.layers))
    return list(names)


def _passes(
    name: str, states: Sequence[State], profile: Profile, theme: str | None, removed: Removed
) -> bool:
    found = [layer for state in states if (layer := state.snapshot.layers.get(name)) is not None]
    hidden = theme is not None and not found[-1].visible
    if profile.passes(found[-1]) and not hidden:
        return any(len(layer.table) for layer in found)
    if count := max(len(layer.table) for layer in found):
        message = _HIDDEN if hidden else _KEPT_BACK
        words = message.format(layer=found[-1].title, n=count, theme=theme or "")
        removed.add(Finding("publish.layer", words, "info", layer=name))
    return False


_KEPT_BACK: Final = Text(
    "图层“{layer}”不公开（{n} 个对象）。", "Layer “{layer}” is not published ({n} features)."
)
_HIDDEN: Final = Text(
    "图层“{layer}”在主题“{theme}”中是关闭的，未放入网页（{n} 个对象）。",
    "Theme “{theme}” hides layer “{layer}”; it stays out ({n} features).",
)


def page_origin(states: Sequence[State]) -> tuple[float, float]:
    """Return a zero near the site, in whole metres: the numbers on the page start there."""
    roles: tuple[tuple[Role, ...], ...] = (("boundary",), ())
    for some in roles:
        for state in reversed(states):
            if box := state.snapshot.extent(*some):
                return math.floor(box[0]), math.floor(box[1])
    return 0.0, 0.0


def _extent(layers: Sequence[PublicLayer]) -> tuple[int, int, int, int] | None:
    """Return what to show first: the site if it has a boundary, otherwise everything."""
    for roles in ({"boundary"}, {layer.role for layer in layers}):
        shapes = [s for layer in layers if layer.role in roles for s in layer.shapes if len(s.xy)]
        if shapes:
            low = [min(int(s.xy[:, axis].min()) for s in shapes) for axis in (0, 1)]
            high = [max(int(s.xy[:, axis].max()) for s in shapes) for axis in (0, 1)]
            return low[0], low[1], high[0], high[1]
    return None


def _revision(state: State, removed: Removed) -> PublicRevision:
    revision = state.revision
    if revision is None:
        return PublicRevision("", "", "", "", working=True)
    if revision.author:
        message = Text("版次 {label} 的作者不公开。", "The author of {label} is not published.")
        removed.add(Finding("publish.author", message.format(label=revision.label), "info"))
    label = removed.text(revision.label, Text("版次编号", "Revision label"))
    title = removed.text(revision.title, Text("版次名称", "Revision title"))
    note = removed.text(revision.note, Text("版次说明", "Revision note"))
    return PublicRevision(label, title, note, revision.created[:10])


def _newer(newer: Superseded | None, removed: Removed) -> Superseded | None:
    """Return the mark of a newer revision: its words are those of any revision, the user's own."""
    if newer is None:
        return None
    label = removed.text(newer.label, Text("版次编号", "Revision label"))
    return replace(newer, label=label, title=removed.text(newer.title, Text("版次名称", "Revision title")))


def _notice(settings: Mapping[str, JsonValue]) -> Notice:
    given = {name: settings.get(key) for name, key in NOTICE_SETTINGS.items()}
    return Notice(
        office=_words(given["office"]),
        contact=_words(given["contact"]),
        how_to_comment=_words(given["how_to_comment"]),
        comment_from=_words(given["comment_from"]).zh,
        comment_until=_words(given["comment_until"]).zh,
        address=_words(given["address"]).zh,
    )


def _words(value: object) -> Text:
    if isinstance(value, dict):
        zh, en = str(value.get("zh") or ""), str(value.get("en") or "")
        return Text(zh or en, en or zh)
    return same("" if value is None else str(value))
