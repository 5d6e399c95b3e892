"""What may lie below the plan: georeferenced pictures, map tiles and a coordinate grid.

A project keeps its backgrounds as one setting, a list from bottom to top. Only
references and looks are kept: pixels stay in their files, keys of map services
with the person who owns them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, ClassVar, Final, TypeAlias

from layers.changes import ChangeSet, JsonValue, SettingChange
from layers.errors import RefusedError
from layers.feature import new_uid
from layers.text import Text

BACKGROUNDS: Final = "view.backgrounds"
"""Setting: list of backgrounds from bottom to top; how a plan is seen, not what it says."""

Affine: TypeAlias = tuple[float, float, float, float, float, float]
"""``(a, b, c, d, e, f)``: x = a·column + b·row + c, y = d·column + e·row + f from the upper left corner."""


@dataclass(frozen=True)
class Background:
    """What all backgrounds share.

    Parameters
    ----------
    uid : str
    title : str
        The user's own words, or the name of the file or service.
    visible : bool
    opacity : float
        0 to 1.
    """

    source: ClassVar[str] = ""

    uid: str
    title: str
    visible: bool = True
    opacity: float = 1.0

    def to_json(self) -> dict[str, JsonValue]:
        """Return what the project keeps."""
        kept = {"source": self.source, **asdict(self)}
        return {name: list(v) if isinstance(v, tuple) else v for name, v in kept.items() if v is not None}


@dataclass(frozen=True)
class RasterBackground(Background):
    """A picture file.

    Parameters
    ----------
    path : str
        Relative to the folder of the project when it lies there or below, with ``/``.
    bytes : int
        Size of the file when it was added.
    sha256 : str
        Of the file's first and last mebibyte and its size (`gis.raster.reference.fingerprint`).
    crs : str or None
        Named by the user, or kept with `transform`; None: as the file says.
    transform : Affine or None
        From control points; None: as the file or its world file says.
    """

    source: ClassVar[str] = "raster"

    path: str = ""
    bytes: int = 0
    sha256: str = ""
    crs: str | None = None
    transform: Affine | None = None


@dataclass(frozen=True)
class TileBackground(Background):
    """Tiles of a map service.

    Parameters
    ----------
    service : str
        Id of a known service, or ``"xyz"``.
    template : str
        For ``"xyz"``: the address with ``{z}``, ``{x}``, ``{y}``, and ``{key}`` where a key belongs.
    datum : str
        ``"WGS84"`` or ``"GCJ-02"``: what the service calls longitude and latitude.
    attribution : str
    most_zoom : int
    matrices : str
        For ``"xyz"``: the set of tile matrices, as `gis.raster.tiles.matrices` writes it; empty for that of
        web maps.
    """

    source: ClassVar[str] = "tiles"

    service: str = "xyz"
    template: str = ""
    datum: str = "WGS84"
    attribution: str = ""
    most_zoom: int = 18
    matrices: str = ""


@dataclass(frozen=True)
class GridBackground(Background):
    """A coordinate grid.

    Parameters
    ----------
    step_m : float or None
        Distance of the lines; None: chosen by the scale.
    """

    source: ClassVar[str] = "grid"

    step_m: float | None = None


_SORTS: Final[Mapping[str, type[Background]]] = {
    sort.source: sort for sort in (RasterBackground, TileBackground, GridBackground)
}


def new_background_uid() -> str:
    """Return an id for a new background."""
    return new_uid()


def backgrounds_of(settings: Mapping[str, JsonValue]) -> tuple[Background, ...]:
    """Return the backgrounds a project keeps, bottom to top; entries we cannot read are left out.

    Examples
    --------
    >>> backgrounds_of({BACKGROUNDS: [{"source": "grid", "uid": "g", "title": "Grid"}]})
    (GridBackground(uid='g', title='Grid', visible=True, opacity=1.0, step_m=None),)
    """
    kept = settings.get(BACKGROUNDS)
    entries = kept if isinstance(kept, list) else []
    return tuple(made for entry in entries if (made := _read(entry)) is not None)


def has_pictures(settings: Mapping[str, JsonValue]) -> bool:
    """Tell whether a picture or a map, not only a grid, is visible below the plan."""
    return any(b.visible and not isinstance(b, GridBackground) for b in backgrounds_of(settings))


def with_backgrounds(settings: Mapping[str, JsonValue], backgrounds: Sequence[Background]) -> ChangeSet:
    """Return the change that makes these the backgrounds of a project."""
    value: JsonValue = [background.to_json() for background in backgrounds] or None
    return ChangeSet.of([], {BACKGROUNDS: SettingChange(settings.get(BACKGROUNDS), value)})


def add_background(settings: Mapping[str, JsonValue], background: Background) -> ChangeSet:
    """Return the change that lays a background over the others, below the plan."""
    return with_backgrounds(settings, (*backgrounds_of(settings), background))


def change_background(settings: Mapping[str, JsonValue], uid: str, **values: Any) -> ChangeSet:
    """Return the change of some fields of one background.

    Raises
    ------
    RefusedError
        If there is none of that id.
    """
    known = backgrounds_of(settings)
    _check(known, uid)
    return with_backgrounds(settings, [replace(b, **values) if b.uid == uid else b for b in known])


def remove_background(settings: Mapping[str, JsonValue], uid: str) -> ChangeSet:
    """Return the change that takes a background away; its file stays where it is."""
    known = backgrounds_of(settings)
    _check(known, uid)
    return with_backgrounds(settings, [b for b in known if b.uid != uid])


def shift_background(settings: Mapping[str, JsonValue], uid: str, up: bool) -> ChangeSet:
    """Return the change that moves a background past its neighbour; nothing at the end."""
    known = list(backgrounds_of(settings))
    _check(known, uid)
    at = next(i for i, b in enumerate(known) if b.uid == uid)
    to = at + (1 if up else -1)
    if 0 <= to < len(known):
        known[at], known[to] = known[to], known[at]
    return with_backgrounds(settings, known)


def _check(known: Sequence[Background], uid: str) -> None:
    if all(b.uid != uid for b in known):
        words = Text("这个底图已不在项目中。", "That background is no longer in the project.")
        raise RefusedError(words, code="background.unknown")


def _read(entry: object) -> Background | None:
    sort = _SORTS.get(str(entry.get("source"))) if isinstance(entry, dict) else None
    if sort is None or not isinstance(entry, dict):
        return None
    known = {field.name for field in fields(sort)}
    values = {name: value for name, value in entry.items() if name in known}
    if not all(isinstance(values.get(name), str) for name in ("uid", "title")):
        return None
    try:
        return sort(**{name: _as(sort, name, value) for name, value in values.items()})
    except (TypeError, ValueError):
        return None


def _as(sort: type[Background], name: str, value: object) -> Any:
    """Return a value of the sort its field holds, or raise."""
    if name == "transform":
        numbers = tuple(float(v) for v in value) if isinstance(value, list) else ()
        if len(numbers) != 6:
            raise ValueError(name)
        return numbers
    expected = type(getattr(sort, name, "")) if getattr(sort, name, None) is not None else None
    if expected is float or name == "step_m":
        return float(value)  # type: ignore[arg-type]
    if (expected is not None and not isinstance(value, expected)) or (
        expected is None and not isinstance(value, str)
    ):
        raise ValueError(name)
    return value
