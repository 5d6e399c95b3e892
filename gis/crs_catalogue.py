"""The coordinate systems that files from China come in, to be found by name, meridian, zone or code."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from gis.crs_names import BD09, GCJ02, WGS84
from layers.text import Text, same

_UTM: Final = range(43, 54)


class CrsEntry(NamedTuple):
    """One system that can be chosen.

    Parameters
    ----------
    crs : str
    title : Text
        With the code at its end.
    plane : bool
        Whether its numbers are metres on the ground.
    old : bool
        Whether it is of a datum that only control points lead to and from.
    """

    crs: str
    title: Text
    plane: bool = False
    old: bool = False


class _Series(NamedTuple):
    """Gauss-Krüger zones of one datum under consecutive codes."""

    datum: Text
    width: int
    first_code: int
    first_zone: int
    last_zone: int
    prefixed: bool
    old: bool = False

    def entries(self) -> Iterator[CrsEntry]:
        for zone in range(self.first_zone, self.last_zone + 1):
            meridian = zone * 3 if self.width == 3 else zone * 6 - 3
            with_prefix = Text("{z}带，带带号", "zone {z} with prefix").format(z=zone)
            plain = Text("不带带号", "no prefix")
            words = Text(
                "{d} {w}度带 中央经线{m}° {p}（{c}）", "{d} {w}-degree, central meridian {m}° E, {p} ({c})"
            )
            crs = f"EPSG:{self.first_code + zone - self.first_zone}"
            how = with_prefix if self.prefixed else plain
            title = words.format(d=self.datum, w=self.width, m=meridian, p=how, c=crs)
            yield CrsEntry(crs, title, plane=True, old=self.old)


_CGCS: Final = Text("国家2000 CGCS2000", "CGCS2000")
_XIAN: Final = Text("西安80", "Xian 1980")
_BEIJING: Final = Text("北京54", "Beijing 1954")
_SERIES: Final = (
    _Series(_CGCS, 3, 4534, 25, 45, prefixed=False),
    _Series(_CGCS, 3, 4513, 25, 45, prefixed=True),
    _Series(_CGCS, 6, 4502, 13, 23, prefixed=False),
    _Series(_CGCS, 6, 4491, 13, 23, prefixed=True),
    _Series(_XIAN, 3, 2370, 25, 45, prefixed=False, old=True),
    _Series(_XIAN, 3, 2349, 25, 45, prefixed=True, old=True),
    _Series(_XIAN, 6, 2338, 13, 23, prefixed=False, old=True),
    _Series(_XIAN, 6, 2327, 13, 23, prefixed=True, old=True),
    _Series(_BEIJING, 3, 2422, 25, 45, prefixed=False, old=True),
    _Series(_BEIJING, 3, 2401, 25, 45, prefixed=True, old=True),
    _Series(_BEIJING, 6, 21453, 13, 23, prefixed=False, old=True),
    _Series(_BEIJING, 6, 21413, 13, 23, prefixed=True, old=True),
)


@lru_cache(maxsize=1)
def crs_catalogue() -> tuple[CrsEntry, ...]:
    """Return the systems, those in use today first.

    Examples
    --------
    >>> [entry.crs for entry in crs_catalogue() if "国家2000" in entry.title.zh and "117°" in entry.title.zh]
    ['EPSG:4548', 'EPSG:4527', 'EPSG:4509', 'EPSG:4498']
    """
    degrees = (
        CrsEntry("EPSG:4490", Text("国家2000 CGCS2000 经纬度（EPSG:4490）", "CGCS2000 degrees (EPSG:4490)")),
        CrsEntry(WGS84, Text("WGS 84 经纬度，GPS（EPSG:4326）", "WGS 84 degrees, GPS (EPSG:4326)")),
        CrsEntry(GCJ02, Text("高德、腾讯地图经纬度（GCJ-02）", "Amap, Tencent degrees (GCJ-02)")),
        CrsEntry(BD09, Text("百度地图经纬度（BD-09）", "Baidu degrees (BD-09)")),
        CrsEntry("EPSG:3857", Text("网络地图 Web 墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)")),
        CrsEntry("EPSG:4610", Text("西安80 经纬度（EPSG:4610）", "Xian 1980 degrees (EPSG:4610)"), old=True),
        CrsEntry(
            "EPSG:4214", Text("北京54 经纬度（EPSG:4214）", "Beijing 1954 degrees (EPSG:4214)"), old=True
        ),
    )
    zones = [entry for series in _SERIES for entry in series.entries()]
    utm = [
        CrsEntry(crs, same(f"WGS 84 UTM {zone}N, {zone * 6 - 183}° ({crs})"), plane=True)
        for zone, crs in ((zone, f"EPSG:{32600 + zone}") for zone in _UTM)
    ]
    return (*degrees, *zones, *utm)


def crs_named(words: str) -> str | None:
    """Return the system whose title, in either language, or whose code was typed; else None."""
    wanted = words.strip()
    found = (e.crs for e in crs_catalogue() if wanted in (e.title.zh, e.title.en, e.crs, e.crs[5:]))
    return next(found, None)
