"""Photos that wait to be placed: the tray, and putting one of them somewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import shapely

from gis.exchange.photos import NEAR_M, UNPLACED, spot_of_photo, spots_of
from layers.changes import Change, ChangeSet, Key, SettingChange
from layers.errors import NotFoundError, RefusedError
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

_GONE: Final = Text("这张照片已不在待放置清单中。", "That photo waits no longer.")
_NO_LAYER: Final = Text(
    "附近 {m:.0f} 米内没有问题点，请先选择新建到哪个图层。",
    "There is no problem spot within {m:.0f} m; choose a layer for a new one first.",
)


@dataclass(frozen=True)
class WaitingPhoto:
    """A photo in the project that is on no feature yet.

    Parameters
    ----------
    id : str
    name : str
        File name.
    taken : str, optional
        Local time, ISO text.
    direction : float, optional
        Degrees from north, clockwise.
    """

    id: str
    name: str
    taken: str | None = None
    direction: float | None = None


def waiting_photos(snapshot: Snapshot) -> tuple[WaitingPhoto, ...]:
    """Return the photos that wait, the longest waiting first."""
    return tuple(_photo(entry) for entry in _entries(snapshot))


def nearest_spot(snapshot: Snapshot, place: shapely.Point) -> Key | None:
    """Return the problem spot within 15 m of a place that is nearest, or None."""
    shapes = {key: f.geometry for key, f in spots_of(snapshot).items() if f.geometry is not None}
    near = {key: d for key, shape in shapes.items() if (d := float(shape.distance(place))) <= NEAR_M}
    return min(near, key=lambda key: near[key], default=None)


def place_photo(
    snapshot: Snapshot, photo_id: str, place: shapely.Point, layer_id: str | None = None
) -> ChangeSet:
    """Put a waiting photo on the problem spot within 15 m of a place, or on a new one there.

    Parameters
    ----------
    place : shapely.Point
        In the CRS of the project.
    layer_id : str, optional
        Where a new spot is made if there is none near.

    Raises
    ------
    NotFoundError
        If the photo does not wait.
    RefusedError
        If there is no spot near and no layer is named.
    """
    photo = next((p for p in waiting_photos(snapshot) if p.id == photo_id), None)
    if photo is None:
        raise NotFoundError(_GONE, code="photo.unknown")
    near = nearest_spot(snapshot, place)
    if near is not None:
        change = _attached(snapshot, near, photo_id)
    else:
        layer = snapshot.layers.get(layer_id or "")
        if layer is None:
            raise RefusedError(_NO_LAYER.format(m=NEAR_M), code="photo.no-spot")
        change = _created(snapshot, layer, photo, place)
    return ChangeSet.of([change], {UNPLACED: _without(snapshot, photo_id)})


def attach_photo(snapshot: Snapshot, photo_id: str, key: Key) -> ChangeSet:
    """Put a waiting photo on one feature.

    Raises
    ------
    NotFoundError
        If the photo does not wait, or the feature takes no photos.
    """
    if photo_id not in [p.id for p in waiting_photos(snapshot)]:
        raise NotFoundError(_GONE, code="photo.unknown")
    return ChangeSet.of([_attached(snapshot, key, photo_id)], {UNPLACED: _without(snapshot, photo_id)})


def drop_photo(snapshot: Snapshot, photo_id: str) -> ChangeSet:
    """Take a photo off the tray for good; undo brings it back."""
    return ChangeSet.of([], {UNPLACED: _without(snapshot, photo_id)})


def _attached(snapshot: Snapshot, key: Key, photo_id: str) -> Change:
    feature = snapshot.feature(key)
    if feature is None or snapshot.layers[key[0]].kind.field("photos") is None:
        words = Text("这个对象不能附照片。", "That feature takes no photos.")
        raise NotFoundError(words, code="photo.no-place")
    ids = [i for i in str(feature.attributes.get("photos") or "").split(",") if i]
    return Change(key[0], feature, feature.with_attributes(photos=",".join([*ids, photo_id])))


def _created(snapshot: Snapshot, layer: Layer, photo: WaitingPhoto, place: shapely.Point) -> Change:
    return Change(layer.id, None, spot_of_photo(snapshot, layer, photo, place))


def _without(snapshot: Snapshot, photo_id: str) -> SettingChange:
    entries = _entries(snapshot)
    rest = [entry for entry in entries if entry.get("id") != photo_id]
    return SettingChange(snapshot.settings.get(UNPLACED), rest or None)


def _entries(snapshot: Snapshot) -> list[dict[str, Any]]:
    stored = snapshot.settings.get(UNPLACED) or ()
    return [entry for entry in stored if isinstance(entry, dict) and entry.get("id")]


def _photo(entry: dict[str, Any]) -> WaitingPhoto:
    taken, direction = entry.get("taken"), entry.get("direction")
    return WaitingPhoto(
        str(entry["id"]),
        str(entry.get("name") or entry["id"][:8]),
        str(taken) if taken else None,
        float(direction) if isinstance(direction, (int, float)) else None,
    )
