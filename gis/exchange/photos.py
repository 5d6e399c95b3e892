"""Photos into the plan: to the nearest problem spot, as a new one, or onto the waiting list."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import shapely

from gis.crs import transform
from gis.crs_names import WGS84, parse_crs
from gis.exchange.asking import ask_child, error_of, existing_file
from gis.i18n import tr
from gis.progress import Progress
from layers.changes import Change, ChangeSet, JsonValue, Key, SettingChange
from layers.codes import code_of
from layers.errors import BadInputError, Finding, NotFoundError, PlanboardError, UsageError
from layers.feature import Feature, new_uid
from layers.kind import Role
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

UNPLACED: Final = "photos.unplaced"
"""Setting: list of ``{"id", "name", "taken", "direction"}`` of the photos that wait to be placed."""

ENDINGS: Final = (".jpg", ".jpeg", ".jpe", ".heic", ".heif", ".webp")
_AT_ONCE: Final = 10
"""So many photos are read by one child process: to start one takes longer than to read one."""
NEAR_M: Final = 15.0
_FAR_M: Final = 5_000.0
_SPOTS: Final[tuple[Role, ...]] = ("drainage-spot", "traffic-spot")
_READING: Final = Text("正在读取照片", "Reading photos")
_NO_PLACE: Final = {
    "none": Text("没有拍摄位置，进入待放置清单", "it carries no position and waits to be placed"),
    "damaged": Text(
        "拍摄信息损坏，没有位置，进入待放置清单", "its EXIF block is damaged; it waits to be placed"
    ),
    "block-without-position": Text(
        "有定位信息块但没有位置，进入待放置清单", "its GPS block holds no position; it waits to be placed"
    ),
    "no-fix": Text(
        "位置为 0 或超出范围，进入待放置清单", "its position is 0 or out of range; it waits to be placed"
    ),
}
_CUT: Final = Text("照片文件不完整，只有一部分", "the photo is cut; only part of it is there")
_SYSTEM: Final = Text("照片注明位置为 {s}，已换算", "it says that its position is in {s}; converted")
_FAR: Final = Text(
    "拍摄位置距项目 {km:,.0f} 公里，进入待放置清单",
    "it was taken {km:,.0f} km from the project; it waits to be placed",
)
_WAITS: Final = Text(
    "附近 {m:.0f} 米内没有问题点，进入待放置清单；指定图层可新建问题点",
    "no problem spot within {m:.0f} m; it waits to be placed. Name a layer to make a new spot",
)
_TWICE: Final = Text(
    "与“{first}”是同一张照片，只导入一次", "it is the same picture as {first}; it comes in once"
)
_CLOCK: Final = Text(
    "拍摄日期 {d} 不可信（手机或相机的时间没有设对），不采用",
    "its date, {d}, cannot be right (the clock of the camera was not set); it is left out",
)
_EARLIEST: Final = dt.date(2000, 1, 1)
_KNOWN: Final = Text("照片已在项目中，未重复添加", "the photo is in the project already")


@dataclass(frozen=True)
class PhotoFile:
    """A photo as it came.

    Parameters
    ----------
    name : str
        File name.
    data : bytes
        The copy to keep: upright JPEG without EXIF.
    place : tuple of float, optional
        Longitude and latitude.
    direction : float, optional
        Degrees from north, clockwise.
    taken : str, optional
        Local time, ISO text.
    no_place : str
        Why there is no position; a key of the wording.
    system : str, optional
        The shifted Chinese system that the photo itself says its place is in.
    """

    name: str
    data: bytes
    place: tuple[float, float] | None = None
    direction: float | None = None
    taken: str | None = None
    no_place: str = "none"
    system: str | None = None

    @cached_property
    def id(self) -> str:
        """The id it gets in the project; worked out once, for it reads the whole picture."""
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class PhotoPlan:
    """What an import would do: ``attached + created + waiting + known + twice + refused == read``.

    Parameters
    ----------
    photos : tuple of PhotoFile
        Those to store before `changes` are applied.
    changes : ChangeSet
    attached, created, waiting, known, twice : tuple of str
        File names: to a spot that is there, to a new one, without a place, in the project already, the same
        picture as another of these.
    refused : tuple of str
        Files that are no readable photos; each has a finding.
    findings : tuple of Finding
    ways : tuple of str
        What becomes of each photo, as one of the names above; two may have the same file name.
    """

    photos: tuple[PhotoFile, ...]
    changes: ChangeSet
    attached: tuple[str, ...]
    created: tuple[str, ...]
    waiting: tuple[str, ...]
    known: tuple[str, ...]
    twice: tuple[str, ...]
    refused: tuple[str, ...]
    findings: tuple[Finding, ...]
    ways: tuple[str, ...]


def is_photo(path: Path) -> bool:
    """Tell by name or first bytes whether a file is to be taken as a photo."""
    if path.suffix.lower() in ENDINGS:
        return True
    if not path.is_file():
        return False
    try:
        with path.open("rb") as stream:
            return stream.read(3) == b"\xff\xd8\xff"
    except OSError:
        return False


def read_photos(
    paths: Sequence[Path], progress: Progress | None = None
) -> tuple[tuple[PhotoFile, ...], tuple[Finding, ...]]:
    """Read photos, each by itself: one that is damaged, or gone, is a finding and costs only itself.

    Raises
    ------
    NotFoundError
        If none of the files exists.
    CancelledError
    """
    progress = progress or Progress()
    photos: list[PhotoFile] = []
    files, findings = _existing(paths)
    for start in range(0, len(files), _AT_ONCE):
        progress.step(start / len(files), _READING)
        batch = files[start : start + _AT_ONCE]
        for path, answer in zip(batch, _read(batch, progress), strict=True):
            if isinstance(answer, PlanboardError):
                findings.append(_refused(path, answer))
                continue
            photo, cut = answer
            photos.append(_dated(photo, findings))
            if cut:
                findings.append(Finding("photo.cut", _CUT, "warning", file=path.name, record=path.name))
    return tuple(photos), tuple(findings)


def _existing(paths: Sequence[Path]) -> tuple[list[Path], list[Finding]]:
    """Return the files that are there, and what is wrong with the others."""
    files, wrong = [], []
    for path in paths:
        try:
            files.append(existing_file(path))
        except PlanboardError as error:
            wrong.append((path, error))
    if wrong and not files:
        raise wrong[0][1]
    return files, [_refused(path, error) for path, error in wrong]


def _refused(path: Path, error: PlanboardError) -> Finding:
    words = Text("{why}{advice}", "{why} {advice}").format(why=error.message, advice=error.advice or "")
    return Finding(error.code, words, "error", file=path.name, record=path.name)


def _dated(photo: PhotoFile, findings: list[Finding]) -> PhotoFile:
    """Return a photo without its time if that can only be wrong, and say so."""
    if photo.taken is None:
        return photo
    day = dt.date.fromisoformat(photo.taken[:10])
    if _EARLIEST <= day <= dt.date.today() + dt.timedelta(days=1):  # the phone may be a zone ahead
        return photo
    told = _CLOCK.format(d=f"{day}")
    findings.append(Finding("photo.clock", told, "warning", file=photo.name, record=photo.name))
    return replace(photo, taken=None)


def plan_photos(
    snapshot: Snapshot,
    photos: Sequence[PhotoFile],
    layer_id: str | None = None,
    *,
    crs: str = WGS84,
    findings: Sequence[Finding] = (),
) -> PhotoPlan:
    """Work out where photos go.

    Parameters
    ----------
    snapshot : Snapshot
    photos : sequence of PhotoFile
    layer_id : str, optional
        Where a new problem spot is made if none is within 15 m. Without it such photos wait.
    crs : str
        What the positions are in; phones give WGS 84, some apps GCJ-02.
    findings : sequence of Finding
        Those of `read_photos`.

    Raises
    ------
    NotFoundError, UsageError
        If there is no such layer, or it holds no problem spots.
    """
    return _PhotoPlanning(snapshot, _target(snapshot, layer_id), parse_crs(crs)).made(photos, findings)


class _PhotoPlanning:
    """One plan in the making: the spots as they would be, and what was told."""

    def __init__(self, snapshot: Snapshot, target: Layer | None, crs: str) -> None:
        self.snapshot, self.target, self.crs = snapshot, target, crs
        self.spots: dict[Key, Feature] = {}
        self.shapes: dict[Key, shapely.Geometry] = {}
        for key, feature in spots_of(snapshot).items():
            if feature.geometry is not None:
                self.spots[key], self.shapes[key] = feature, feature.geometry
        self.known = {
            photo
            for layer in snapshot.layers.values()
            for name in (f.name for f in layer.fields if f.type == "photos")
            for value in layer.table.columns[name]
            for photo in str(value or "").split(",")
        }
        self.waiting: list[dict[str, Any]] = list(snapshot.settings.get(UNPLACED) or ())
        self.known |= {str(entry.get("id")) for entry in self.waiting}
        self.findings: list[Finding] = []
        self.brought: dict[str, str] = {}
        """File names of these photos by id."""

    def made(self, photos: Sequence[PhotoFile], findings: Sequence[Finding]) -> PhotoPlan:
        ways = [""] * len(photos)
        # Of the same picture twice, the one that knows its place counts: some programs take it away.
        for at in sorted(range(len(photos)), key=lambda at: photos[at].place is None):
            ways[at] = self._placed(photos[at])
        names = {
            way: tuple(photo.name for photo, went in zip(photos, ways, strict=True) if went == way)
            for way in ("attached", "created", "waiting", "known", "twice")
        }
        refused = tuple(str(f.record) for f in findings if f.severity == "error")
        return PhotoPlan(
            tuple(p for p, way in zip(photos, ways, strict=True) if way not in ("known", "twice")),
            ChangeSet.of(self._changes(), {UNPLACED: self._setting()}),
            **names,
            refused=refused,
            findings=(*findings, *self.findings),
            ways=tuple(ways),
        )

    def _placed(self, photo: PhotoFile) -> str:
        if photo.id in self.known:
            self._tell("photo.known", _KNOWN, photo, "info")
            return "known"
        if photo.id in self.brought:
            self._tell("photo.twice", _TWICE.format(first=self.brought[photo.id]), photo, "info")
            return "twice"
        self.brought[photo.id] = photo.name
        spot = self._point(photo)
        if spot is None:
            return self._wait(photo)
        nearest = min(self.shapes, key=lambda key: self.shapes[key].distance(spot), default=None)
        if nearest is not None and self.shapes[nearest].distance(spot) <= NEAR_M:
            old = self.spots[nearest]
            ids = [i for i in str(old.attributes.get("photos") or "").split(",") if i]
            self.spots[nearest] = old.with_attributes(photos=",".join([*ids, photo.id]))
            return "attached"
        if self.target is None:
            self._tell("photo.waiting", _WAITS.format(m=NEAR_M), photo, "warning")
            return self._wait(photo)
        feature = _spot(self.target, photo, spot, self.spots)
        self.spots[self.target.id, feature.uid] = feature
        self.shapes[self.target.id, feature.uid] = spot
        return "created"

    def _point(self, photo: PhotoFile) -> shapely.Point | None:
        """Return where a photo was taken, in metres of the project; None, with a finding, if it must wait."""
        if photo.place is None:
            self._tell(f"photo.{photo.no_place}", _NO_PLACE[photo.no_place], photo, "warning")
            return None
        given = np.array([shapely.Point(photo.place), None], dtype=object)
        if photo.system is not None:
            self._tell("photo.system", _SYSTEM.format(s=photo.system), photo, "info")
        point = transform(given, photo.system or self.crs, self.snapshot.crs)[0]
        extent = self.snapshot.extent()
        away = float(point.distance(shapely.box(*extent))) if extent else 0.0
        if not np.isfinite([point.x, point.y]).all() or away > _FAR_M:
            km = away / 1000 if np.isfinite(away) else 20_000
            self._tell("photo.far", _FAR.format(km=km), photo, "warning")
            return None
        return point

    def _wait(self, photo: PhotoFile) -> str:
        entry = {"id": photo.id, "name": photo.name, "taken": photo.taken, "direction": photo.direction}
        self.waiting.append({name: value for name, value in entry.items() if value is not None})
        return "waiting"

    def _changes(self) -> list[Change]:
        return [
            Change(layer_id, before, after)
            for (layer_id, uid), after in self.spots.items()
            if (before := self.snapshot.feature((layer_id, uid))) is not after
        ]

    def _setting(self) -> SettingChange:
        before: JsonValue = self.snapshot.settings.get(UNPLACED)
        return SettingChange(before, self.waiting or None)

    def _tell(self, code: str, words: Text, photo: PhotoFile, severity: Any) -> None:
        self.findings.append(Finding(code, words, severity, file=photo.name, record=photo.name))


def photos_words(count: int) -> Text:
    """Return how an import of photos is called.

    Examples
    --------
    >>> photos_words(1).en, photos_words(3).en
    ('1 photo', '3 photos')
    """
    return Text("{n} 张照片", "{n} photo" if count == 1 else "{n} photos").format(n=count)


class PhotoFacts(Protocol):
    """What is known of a photo, read just now or waiting."""

    @property
    def id(self) -> str:
        """The id it has in the project."""

    @property
    def name(self) -> str:
        """The file name."""

    @property
    def taken(self) -> str | None:
        """Local time, ISO text."""

    @property
    def direction(self) -> float | None:
        """Degrees from north, clockwise."""


def spots_of(snapshot: Snapshot) -> dict[Key, Feature]:
    """Return all problem spots by key."""
    return {
        (layer.id, feature.uid): feature for layer in snapshot.with_role(*_SPOTS) for feature in layer.table
    }


def spot_of_photo(snapshot: Snapshot, layer: Layer, photo: PhotoFacts, place: shapely.Point) -> Feature:
    """Return a new problem spot that shows a photo, with the next free code of its layer."""
    return _spot(layer, photo, place, spots_of(snapshot))


def _spot(layer: Layer, photo: PhotoFacts, place: shapely.Point, others: Mapping[Key, Feature]) -> Feature:
    taken = f"{photo.taken[:10]} {photo.taken[11:16]}" if photo.taken else None
    words = [tr("拍摄于 {t}", "taken {t}", t=taken)] if taken else []
    if photo.direction is not None:
        words.append(tr("朝向 {d:.0f}°", "looking {d:.0f}°", d=photo.direction))
    values = {
        **layer.kind.defaults(),
        "title": tr("照片 {name}", "Photo {name}", name=Path(photo.name).stem),
        "code": _free_code(layer, others),
        "photos": photo.id,
        "reported_on": photo.taken[:10] if photo.taken else None,
        "description": tr("，", ", ").join(words) or None,
    }
    return Feature(new_uid(), place, {name: v for name, v in values.items() if layer.kind.field(name)})


def _free_code(layer: Layer, others: Mapping[Key, Feature]) -> str:
    """Return the next code of a layer: D for drainage, T for traffic."""
    letter = "D" if layer.kind.role == "drainage-spot" else "T"
    codes = [code_of(f.attributes.get("code")) for (where, _), f in others.items() if where == layer.id]
    numbers = [int(c[1:]) for c in codes if c[:1] == letter and c[1:].isdigit()]
    return f"{letter}{max(numbers, default=0) + 1:02d}"


def _target(snapshot: Snapshot, layer_id: str | None) -> Layer | None:
    if layer_id is None:
        return None
    layer = snapshot.layers.get(layer_id)
    spots = ", ".join(spot.id for spot in snapshot.with_role(*_SPOTS))
    if layer is None:
        words = Text("没有图层“{name}”。", "There is no layer “{name}”.").format(name=layer_id)
        raise NotFoundError(words, Text("可用：{n}", "There are {n}").format(n=spots), code="layer.unknown")
    if layer.kind.role not in _SPOTS:
        words = Text("照片只能成为问题点，不能放入“{l}”。", "Photos become problem spots; “{l}” takes none.")
        raise UsageError(
            words.format(l=layer.title),
            Text("可用：{n}", "There are {n}").format(n=spots),
            code="photo.layer",
        )
    return layer


def _read(paths: Sequence[Path], progress: Progress) -> list[tuple[PhotoFile, bool] | PlanboardError]:
    """Read photos in one child process; return for each the photo and whether it is cut, or what is wrong.

    Where the child does not come to an end, each is read in one of its own: only the one at fault is lost.
    """
    with tempfile.TemporaryDirectory(prefix="planboard-") as folder:
        outs = [str(Path(folder, f"{number}.jpg")) for number in range(len(paths))]
        names = [str(path) for path in paths]
        request = {"task": "photos", "path": names[0], "paths": names, "outs": outs}
        try:
            answers = ask_child(request, progress)["photos"]
        except BadInputError as error:
            if len(paths) == 1:
                return [error]
            return [one for path in paths for one in _read([path], progress)]
        return [_photo(path, *both) for path, *both in zip(paths, answers, outs, strict=True)]


def _photo(path: Path, told: Mapping[str, Any], out: str) -> tuple[PhotoFile, bool] | PlanboardError:
    if "error" in told:
        return error_of(told["error"])
    place = None if told["lon"] is None else (told["lon"], told["lat"])
    data, no_place = Path(out).read_bytes(), told["no_place"] or "none"
    made = PhotoFile(path.name, data, place, told["direction"], told["taken"], no_place, told["system"])
    return made, told["cut"]
