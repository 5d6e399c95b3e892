"""What a coordinate system is called on a drawing: by its words, not by a number of a register."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from gis.crs_names import crs_title, meridian_of
from layers.text import Text, same

_DATUMS: Final = {
    "CGCS2000": Text("2000国家大地坐标系", "CGCS2000"),
    "New Beijing": Text("新1954年北京坐标系", "New Beijing 1954"),
    "Xian 1980": Text("1980西安坐标系", "Xian 1980"),
    "Beijing 1954": Text("1954年北京坐标系", "Beijing 1954"),
    "WGS 84": same("WGS 84"),
}
_ZONED: Final = re.compile(r"(3-degree )?Gauss-Kruger (?:CM (\d+)E|zone (\d+))$")
_LONGEST_CODE: Final = 20
_NAMELESS: Final = ("unnamed", "unknown", "")
_UTM: Final = re.compile(r"UTM zone (\d+[NS])$")


@lru_cache(maxsize=64)
def crs_words(name: str) -> Text:
    """Return what people call a coordinate system; what is none of China's keeps its official name.

    Examples
    --------
    >>> crs_words("EPSG:4548").zh
    '2000国家大地坐标系，3度带，中央经线117°'
    >>> crs_words("EPSG:4527").zh
    '2000国家大地坐标系，3度带，39带，中央经线117°'
    """
    official = crs_title(name).removeprefix(f"{name} ")
    if official.lower() in _NAMELESS:
        return _nameless(name)
    datum, _, projection = official.partition(" / ")
    called = _DATUMS.get(datum, same(datum))
    if zoned := _ZONED.match(projection):
        return _zoned(called, 3 if zoned[1] else 6, zoned[2], zoned[3])
    if utm := _UTM.match(projection):
        return Text("{datum}，UTM {zone}", "{datum}, UTM zone {zone}").format(datum=called, zone=utm[1])
    return same(official)


def _nameless(name: str) -> Text:
    """Say what a system is that its file gives no name: MapInfo writes none."""
    found = meridian_of(name)
    if found is None:
        return Text("未命名的坐标系", "a system without a name")
    words = Text("高斯投影，中央经线{m:g}°，{e} 椭球", "transverse Mercator, central meridian {m:g}°, {e}")
    return words.format(m=found[0], e=found[1])


def coded_words(name: str) -> Text:
    """Return what people call a coordinate system, with its code if it has a short one.

    Examples
    --------
    >>> coded_words("EPSG:4548").zh
    '2000国家大地坐标系，3度带，中央经线117°（EPSG:4548）'
    """
    if len(name) > _LONGEST_CODE or name == crs_title(name):
        return crs_words(name)
    return Text("{w}（{c}）", "{w} ({c})").format(w=crs_words(name), c=name)


def _zoned(datum: Text, width: int, meridian: str | None, zone: str | None) -> Text:
    """Say a Gauss-Krüger zone: by its meridian, and by its number if the eastings begin with that."""
    if zone is None:
        words = Text(
            "{datum}，{width}度带，中央经线{meridian}°",
            "{datum}, {width}-degree zone, central meridian {meridian}° E",
        )
    else:
        meridian = str(int(zone) * 3 if width == 3 else int(zone) * 6 - 3)
        words = Text(
            "{datum}，{width}度带，{zone}带，中央经线{meridian}°",
            "{datum}, {width}-degree zone {zone}, central meridian {meridian}° E",
        )
    return words.format(datum=datum, width=width, zone=zone or "", meridian=meridian or "")
