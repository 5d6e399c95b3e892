"""The photos of a plan and what they belong to."""

from __future__ import annotations

from dataclasses import dataclass

from layers.changes import Key
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.words import feature_title


@dataclass(frozen=True)
class PlanPhoto:
    """A photo by id, and the first object that shows it."""

    photo_id: str
    owner: Key
    title: Text

    @property
    def public(self) -> str:
        """Setting: whether it was ticked for publication."""
        return f"photo.{self.photo_id}.public"

    @property
    def blackout(self) -> str:
        """Setting: what is covered."""
        return f"photo.{self.photo_id}.blackout"

    @property
    def caption(self) -> str:
        """Setting: the words below it."""
        return f"photo.{self.photo_id}.caption"


def photos_of(snapshot: Snapshot) -> tuple[PlanPhoto, ...]:
    """Return the photos of all objects, each once, in the order of layers from the top."""
    found: dict[str, PlanPhoto] = {}
    for layer in reversed(list(snapshot.layers.values())):
        names = [f.name for f in layer.fields if f.type == "photos" and f.name in layer.table.columns]
        for name in names:
            for at, value in enumerate(layer.table.columns[name]):
                for photo_id in filter(None, str(value or "").split(",")):
                    if photo_id not in found:
                        feature = layer.table.at(at)
                        found[photo_id] = PlanPhoto(
                            photo_id, (layer.id, feature.uid), feature_title(layer, feature)
                        )
    return tuple(found.values())
