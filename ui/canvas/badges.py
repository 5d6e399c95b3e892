"""The numbered triangles of change clouds, as things one can point at."""

from __future__ import annotations

from gis.measure import XY
from gis.render.cloud_lines import badges
from gis.render.display import shown_layers
from gis.render.room import Box
from gis.render.scene import split_at_veil
from gis.render.wishes import pin_boxes
from gis.revisions.comparison import ChangeGroup
from layers.changes import Key
from layers.snapshot import Snapshot
from ui.canvas.frame import Frame
from ui.canvas.pictures import MapPictures


class ChangeBadges:
    """Finds the change group whose triangle, as it is painted now, lies at a place."""

    def __init__(self, pictures: MapPictures) -> None:
        self._pictures = pictures
        self._frame: Frame | None = None
        self._boxes: list[tuple[Box, ChangeGroup]] = []

    def at(self, world: XY) -> ChangeGroup | None:
        """Return the group at a place, or None."""
        frame = self._pictures.frame
        if frame is None or frame.comparison is None:
            return None
        if frame is not self._frame:
            self._frame, self._boxes = frame, _boxes(frame)
        x, y = frame.picture.viewport.to_px(*world)
        # The last one is painted on top.
        for (left, top, right, bottom), group in reversed(self._boxes):
            if left <= x <= right and top <= y <= bottom:
                return group
        return None

    def keys_at(self, world: XY, snapshot: Snapshot | None) -> tuple[Key, ...]:
        """Return the features of the numbered change at a place that exist in a state."""
        group = self.at(world)
        return keys_of(group, snapshot) if group is not None and snapshot is not None else ()

    def crowd_at(self, world: XY) -> tuple[float, float, float, float] | None:
        """Return the extent of the changes under one letter at a place: they want a closer look."""
        group = self.at(world)
        return None if group is None or group.parts[0] is group else group.cloud.bounds


def keys_of(group: ChangeGroup, snapshot: Snapshot) -> tuple[Key, ...]:
    """Return the changed features of a group that exist in a state."""
    return tuple(change.key for change in group.changes if snapshot.feature(change.key) is not None)


def _boxes(frame: Frame) -> list[tuple[Box, ChangeGroup]]:
    comparison, view = frame.comparison, frame.picture.viewport
    if comparison is None:
        return []
    groups = {group.mark: group for group in comparison.groups}
    shown = shown_layers(frame.order.snapshot.layers.values(), view.scale_denominator)
    pins = pin_boxes(split_at_veil(shown)[1], view)
    return [(badge.box, groups[badge.text]) for badge in badges(comparison, view, pins, members=False)]
