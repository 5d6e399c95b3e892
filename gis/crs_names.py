"""Coordinate systems by their names: read, told apart, called by code and official name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from layers.errors import CrsError
from layers.text import Text

if TYPE_CHECKING:
    from pyproj import CRS

GCJ02: Final = "GCJ-02"
BD09: Final = "BD-09"
WGS84: Final = "EPSG:4326"
SHIFTED: Final = (GCJ02, BD09)
"""Degrees that are off by some hundred metres on purpose; no register has them."""
_LONGEST_CODE: Final = 40


def parse_crs(name: str) -> str:
    """Return the canonical name of a coordinate system.

    Parameters
    ----------
    name : str
        ``EPSG:4548``, ``4548``, WKT, ``GCJ-02`` or ``BD-09``, in any case.

    Returns
    -------
    str
        ``AUTHORITY:code``, WKT without one, or `GCJ02` or `BD09`.

    Raises
    ------
    CrsError
        If there is no such system.

    Examples
    --------
    >>> parse_crs("4548"), parse_crs("gcj02")
    ('EPSG:4548', 'GCJ-02')
    """
    plain = name.strip().upper().replace("-", "").replace("_", "").replace(" ", "")
    if plain in ("GCJ02", "GCJ"):
        return GCJ02
    if plain in ("BD09", "BD09LL", "BD"):
        return BD09
    return _canonical(known_crs(name.strip()))


def crs_title(name: str) -> str:
    """Return code and official name, for people who know what it means."""
    if name in SHIFTED:
        return name
    official = str(known_crs(name).name)
    return f"{name} {official}" if len(name) < _LONGEST_CODE else official


def meridian_of(name: str) -> tuple[float, str] | None:
    """Return the central meridian of a transverse Mercator system in degrees, and its ellipsoid; else None.

    Examples
    --------
    >>> meridian_of("EPSG:4548"), meridian_of("EPSG:4490")
    ((117.0, 'CGCS2000'), None)
    """
    crs = None if name in SHIFTED else known_crs(name)
    conversion = crs.coordinate_operation if crs is not None else None
    if crs is None or conversion is None or conversion.method_name != "Transverse Mercator":
        return None
    found = [p.value for p in conversion.params if p.name == "Longitude of natural origin"]
    ellipsoid = crs.ellipsoid.name if crs.ellipsoid is not None else ""
    return (float(found[0]), str(ellipsoid)) if found else None


def is_geographic(name: str) -> bool:
    """Tell whether coordinates are degrees."""
    return name in SHIFTED or bool(known_crs(name).is_geographic)


@lru_cache(maxsize=64)
def known_crs(name: str) -> CRS:
    """Return the system of a name; of a compound one that on the ground.

    Raises
    ------
    CrsError
        If there is no such system.
    """
    from pyproj import CRS  # late: a tenth of a second
    from pyproj.exceptions import CRSError as ProjError

    try:
        found = CRS.from_user_input(int(name) if name.isdigit() and len(name) < 7 else name)
    except ProjError:
        raise CrsError(
            Text("没有坐标系“{name}”。", "There is no CRS “{name}”.").format(name=name[:80]),
            Text(
                "请写 EPSG 编号，例如 EPSG:4548，或 GCJ-02、BD-09。",
                "Write an EPSG code such as EPSG:4548, or GCJ-02, or BD-09.",
            ),
            code="crs.unknown",
        ) from None
    return found.sub_crs_list[0] if found.is_compound else found


def _canonical(crs: CRS) -> str:
    authority = crs.to_authority(min_confidence=70)
    return ":".join(authority) if authority else str(crs.to_wkt())
