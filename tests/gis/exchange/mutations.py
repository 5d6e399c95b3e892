"""Good little files of every format, and how they get damaged."""

from __future__ import annotations

import io
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from gis.exchange.child import read
from gis.exchange.dxf.drawing import drawing_of, read_drawing
from gis.exchange.dxf.reading import read as read_dxf
from gis.exchange.export import export
from gis.exchange.folder_export import export_folder
from gis.exchange.photo_reading import read_photo_file
from gis.exchange.source import read_source
from gis.logs import Unexpected
from layers.errors import PlanboardError
from layers.feature import Feature
from tests.gis.exchange.conftest import plan

DATA: Final = Path(__file__).parents[2] / "data"
SIDES: Final = (".shx", ".dbf", ".prj", ".cpg")


def specimens(folder: Path) -> dict[str, Path]:
    """Write one good file a format and return them by name; a shapefile stands for its set."""
    import geopandas as gpd
    from shapely import box, transform

    boxes = [box(616600 + 30 * i, 4078000, 616620 + 30 * i, 4078012) for i in range(6)]
    houses = [
        Feature(f"{i:032x}", shape, {"number": f"{i}号楼", "floors": 6, "name": "住宅"})
        for i, shape in enumerate(boxes)
    ]
    export_folder(plan(building=houses), folder, ["gpkg", "dxf", "dxf-gbk", "shp", "geojson", "kml", "xlsx"])
    made = {path.parent.name: next(iter(path.parent.glob(f"*{path.suffix}"))) for path in _mains(folder)}
    frame = gpd.GeoDataFrame(
        {"楼号": [f"{i}" for i in range(6)], "f": range(6)}, geometry=boxes, crs="EPSG:4548"
    )
    for name, driver in (("a.fgb", "FlatGeobuf"), ("a.gml", "GML"), ("a.tab", "MapInfo File")):
        frame.to_file(folder / name, driver=driver)
        made[driver] = folder / name
    degrees = gpd.GeoSeries([transform(b, lambda xy: xy) for b in boxes], crs="EPSG:4548").to_crs(4326)
    rows = [f"{i},{p.centroid.x:.8f},{p.centroid.y:.8f}" for i, p in enumerate(degrees)]
    (folder / "a.csv").write_bytes(("楼号,经度,纬度\r\n" + "\r\n".join(rows)).encode("gb18030"))
    made["csv"] = folder / "a.csv"
    points = [Feature("f" * 32, boxes[0].centroid, {"code": "D01", "title": "积水"})]
    export(plan(drainage_spot=points), folder / "a.gpx")
    made["gpx"] = folder / "a.gpx"
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made["geojson"], "a.geojson")
    made["zip"] = folder / "a.zip"
    return made | _further(folder, made)


def _further(folder: Path, made: dict[str, Path]) -> dict[str, Path]:
    """Write what other programs make of the same: packed KML, a binary drawing, a photo, an old workbook."""
    import ezdxf
    from PIL import Image

    with zipfile.ZipFile(folder / "a.kmz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(made["kml"], "doc.kml")
    ezdxf.readfile(made["dxf"]).saveas(folder / "binary.dxf", fmt="bin")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8769] = {0x9003: "2026:07:25 08:10:00"}
    exif[0x8825] = {1: "N", 2: (36.0, 49.0, 33.6), 3: "E", 4: (118.0, 18.0, 27.0), 17: 90.0}
    Image.new("RGB", (64, 48), "grey").save(folder / "a.jpg", exif=exif)
    shutil.copyfile(DATA / "exchange" / "roster.xls", folder / "old.xls")
    shutil.copyfile(DATA / "exchange" / "libreoffice.ods", folder / "libre.ods")
    names = {
        "ods": "libre.ods",
        "kmz": "a.kmz",
        "dxf-binary": "binary.dxf",
        "photo": "a.jpg",
        "xls": "old.xls",
    }
    return {name: folder / file for name, file in names.items()}


def mutated(good: Path, folder: Path, chance: random.Random) -> Path:
    """Return a damaged copy of a file; of a set, one of its files is damaged."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    members = [p for p in sorted(good.parent.glob(f"{good.stem}.*")) if p == good or p.suffix in SIDES]
    victim = chance.choice(members) if good.suffix == ".shp" else good
    for member in members:
        data = member.read_bytes()
        if member == victim:
            data = _spoilt(data, chance)
        (folder / member.name).write_bytes(data)
    return folder / good.name


def _spoilt(data: bytes, chance: random.Random) -> bytes:
    """Return damaged bytes; of a packed file often those of one member, or little would be tried."""
    if data.startswith(b"PK") and chance.random() < 0.7:
        return _repacked(data, chance)
    for _ in range(chance.randint(1, 4)):
        data = chance.choice(WAYS)(data, chance)
    return data


def _repacked(data: bytes, chance: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = chance.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, _spoilt(content, chance) if name == victim else content)
    return out.getvalue()


def read_outcome(path: Path, *, through_child: bool = False) -> str:
    """Read a file and say in a word how it ended; what nobody foresaw begins with ``CRASH``."""
    with Unexpected(write=False) as crash:
        try:
            _read(path, through_child=through_child)
        except PlanboardError as error:
            return "CRASH in the child" if error.code == "import.reader-stopped" else "refused"
        except MemoryError:
            return "refused"
    if crash.error is None:
        return "read"
    return f"CRASH {type(crash.error).__name__}: {str(crash.error)[:80]}"


def _read(path: Path, *, through_child: bool) -> None:
    if path.suffix == ".jpg":
        read_photo_file(path, path.with_name("copy.jpg"))
    elif path.suffix == ".dxf":
        read_drawing(path) if through_child else drawing_of(path, *read_dxf(path, None, None))
    elif through_child:
        read_source(path, crs="EPSG:4548")
    else:
        read(path, None, None, ("building",))


def _mains(folder: Path) -> list[Path]:
    ends = (".gpkg", ".dxf", ".shp", ".geojson", ".kml", ".xlsx")
    return [path for path in sorted(folder.rglob("*")) if path.suffix in ends]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 40))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.choice((0, 255, 0x7F, chance.randrange(256)))
    return bytes(changed)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _double(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.randint(1, 200)]
    return data[:start] + piece * chance.choice((2, 50)) + data[start:]


def _drop(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.randint(1, 100) :]


def _exchange(data: bytes, chance: random.Random) -> bytes:
    a, b = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    size = chance.randint(1, 64)
    return data[:a] + data[b : b + size] + data[a + size : b] + data[a : a + size] + data[b + size :]


def _large_number(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return (
        data[:at]
        + chance.choice((b"\xff\xff\xff\x7f", b"99999999999", b"-1", b"1e308", b"NaN"))
        + data[at + 4 :]
    )


WAYS: Final[tuple[Callable[[bytes, random.Random], bytes], ...]] = (
    _flip, _flip, _cut, _double, _drop, _exchange, _large_number,
)  # fmt: skip
