"""Checking a plan before it is posted: the rules over a state, and over what it changed.

Rules and revisions do not know each other; here they meet.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from shapely import Geometry

from gis.notice import NOTICE_SETTINGS, with_todays_notice
from gis.progress import Progress
from gis.revisions.chapters import Plans, compare_states, parent_of
from gis.revisions.clouds import place_of
from gis.revisions.comparison import ChangeGroup, Comparison, FeatureChange
from gis.rules.registry import check
from gis.rules.since import ChangedGroup, Since
from layers.errors import Finding
from layers.revision import WORKING
from layers.snapshot import Snapshot
from layers.text import Text


def check_plan(plans: Plans, label: str = WORKING, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Run all rules over a state, compared with the revision it was made from.

    Parameters
    ----------
    plans : Plans
        An open project.
    label : str
        A revision, or ``"working"``.
    progress : Progress, optional

    Returns
    -------
    tuple of Finding
        The gravest first, each with its place if its feature has one. The first revision has nothing
        to be compared with: rules about changes say nothing there.

    Raises
    ------
    NotFoundError
        If there is no such state.
    CancelledError
        If the user cancelled.
    """
    snapshot = plans.state(label)
    parent = parent_of(plans, label)
    if parent is None:
        found = [_placed(finding, snapshot) for finding in check(snapshot, progress)]
    else:
        before = plans.state(parent)
        since = since_of(compare_states(plans, parent, label))
        found = [_placed(finding, snapshot, before) for finding in check(snapshot, progress, since)]
    over = _period_over(plans, snapshot, label)
    return tuple(sorted((*over, *found), key=lambda finding: finding.severity != "error"))


def _period_over(plans: Plans, snapshot: Snapshot, label: str) -> list[Finding]:
    """Tell that the days for comments ended before a revision was frozen: they are an older one's."""
    revision = next((r for r in plans.revisions if r.label == label), None)
    if revision is None:
        return []
    newest = all(other.parent != label for other in plans.revisions)
    said = with_todays_notice(snapshot, plans.state(WORKING), newest=newest).settings
    until, made = str(said.get(NOTICE_SETTINGS["comment_until"]) or ""), revision.created[:10]
    if not until or until >= made:
        return []
    words = Text(
        "意见截止日 {until} 早于 {label} 的定稿日 {made}：公示期还是旧的，请在“公示信息”中更新",
        "Comments are asked for until {until}, before {label} was frozen on {made}: the notice period is "
        "still the old one; change it under Notice",
    )
    return [Finding("rules.notice-over", words.format(until=until, label=label, made=made))]


def _placed(finding: Finding, *states: Snapshot) -> Finding:
    """Return a finding that says where to look: at its feature, as it is or as it was."""
    if finding.place is not None or finding.layer is None or finding.uid is None:
        return finding
    features = (state.feature((finding.layer, finding.uid)) for state in states)
    shapes = (f.geometry for f in features if f is not None)
    shape = next((g for g in shapes if g is not None and not g.is_empty), None)
    if shape is None:
        return finding
    point = shapely.point_on_surface(shape)
    return replace(finding, place=(round(point.x, 3), round(point.y, 3)))


def since_of(comparison: Comparison) -> Since:
    """Return what rules need to know of a comparison."""
    grouped = {change.key for group in comparison.groups for change in group.changes}
    loose = [change for change in comparison.changes if change.key not in grouped]
    groups = (*map(_numbered, comparison.groups), *map(_placeless, loose))
    return Since(comparison.before, groups)


def _numbered(group: ChangeGroup) -> ChangedGroup:
    keys = tuple(change.key for change in group.changes)
    reasoned = bool(group.answers or group.because)
    return ChangedGroup(group.label, group.title, keys, group.answers, reasoned, _ground(group.changes))


def _placeless(change: FeatureChange) -> ChangedGroup:
    title = Text(f"{change.layer_title.zh} {change.name.zh}", f"{change.layer_title.en} {change.name.en}")
    return ChangedGroup("", title, (change.key,), change.reason.answers, bool(change.reason), None)


def _ground(changes: tuple[FeatureChange, ...]) -> Geometry:
    places = np.empty(len(changes), dtype=object)
    places[:] = [place_of(change) for change in changes]
    return shapely.geometrycollections(places)
