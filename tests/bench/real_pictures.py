"""What is understood of real photos and placed pictures, against exiftool and gdalinfo."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from gis.exchange.photo_reading import read_photo_file
from gis.raster.opening import ENDINGS, read_raster
from layers.errors import PlanboardError

PHOTOS: Final = (".jpg", ".jpeg")
_DECIMALS: Final = 7


def picture_tables(folder: Path) -> list[str]:
    """Return the lines of two tables: photos, and pictures that lie below a plan."""
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS and path.is_file())
    photos = [path for path in files if path.suffix.lower() in PHOTOS]
    placed = [path for path in files if path.suffix.lower() not in PHOTOS]
    return [
        "| photo | exiftool: position, time | read |",
        "| --- | --- | --- |",
        *_rows(folder, photos, _by_exiftool, _photo),
        "",
        "| picture | gdalinfo: size, bands, first corner, system | read |",
        "| --- | --- | --- |",
        *_rows(folder, placed, _by_gdalinfo, _picture),
    ]


def _rows(folder: Path, files: Sequence[Path], independent: Any, ours: Any) -> Iterator[str]:
    for path in files:
        try:
            told = ours(path)
        except PlanboardError as error:
            told = f"refused: {error.code}"
        yield f"| {path.relative_to(folder).as_posix()} | {independent(path)} | {told} |"


def _photo(path: Path) -> str:
    with tempfile.TemporaryDirectory() as folder:
        found = read_photo_file(path, Path(folder, "copy.jpg"))
    return _moment(found["lat"], found["lon"], found["taken"])


def _picture(path: Path) -> str:
    raster = read_raster(path)
    corner = raster.transform or (0, 0, 0, 0, 0, 0)
    system = (raster.crs or "–") if len(raster.crs or "") < 20 else "WKT"
    return _place(raster.width, raster.height, len(raster.bands), corner[2], corner[5], system)


def _by_exiftool(path: Path) -> str:
    dates = ("DateTimeOriginal", "CreateDate", "ModifyDate")
    tags = ("-GPSLatitude", "-GPSLongitude", *(f"-EXIF:{name}" for name in dates))
    answer = _said("exiftool", "-n", "-j", *tags, str(path))
    if answer is None:
        return "–"
    found = json.loads(answer)[0]
    taken = next((found[name] for name in dates if found.get(name)), None)
    day, _, time = str(taken or "").partition(" ")
    moment = f"{day.replace(':', '-')}T{time}"[:19] if taken else None
    return _moment(found.get("GPSLatitude"), found.get("GPSLongitude"), moment)


def _by_gdalinfo(path: Path) -> str:
    answer = _said("gdalinfo", "-json", str(path))
    if not answer:
        return "cannot be opened"
    found = json.loads(answer)
    corner = found.get("geoTransform", (0, 0, 0, 0, 0, 0))
    code = found.get("stac", {}).get("proj:epsg")
    wkt = found.get("coordinateSystem", {}).get("wkt", "")
    system = f"EPSG:{code}" if code else ("WKT" if wkt else "–")
    return _place(*found["size"], len(found["bands"]), corner[0], corner[3], system)


def _moment(lat: float | None, lon: float | None, taken: str | None) -> str:
    place = "no position" if lat is None or lon is None else f"{lat:.{_DECIMALS}f}, {lon:.{_DECIMALS}f}"
    return f"{place}; {taken or 'no time'}"


def _place(width: int, height: int, bands: int, x: float, y: float, system: str) -> str:
    return f"{width} x {height} x {bands}; {x:.3f}, {y:.3f}; {system}"


def _said(program: str, *words: str) -> str | None:
    if shutil.which(program) is None:
        return None
    return subprocess.run([program, *words], capture_output=True, text=True, check=False).stdout
