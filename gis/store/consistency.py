"""What a project file says about itself must agree before anything is read from it."""

from __future__ import annotations

from pathlib import Path

import apsw

from layers.errors import CrsError
from layers.text import Text

_ADVICE = Text(
    "文件未作改动。请用 doctor 检查，或用备份打开。",
    "The file was not touched. Check it with doctor, or open a copy of it.",
)


def check_crs(db: apsw.Connection, path: Path) -> None:
    """Check that the project's coordinate system is named, and is the one of its layers.

    Coordinates read under another system would lie somewhere else, and every
    length and area would be wrong without a word.

    Raises
    ------
    CrsError
        If it is missing or contradicts the table of coordinate systems; nothing was changed.
    """
    said = dict(db.execute("SELECT key, value FROM pb_meta WHERE key IN ('crs', 'srs_id')"))
    crs, srs_id = said.get("crs"), said.get("srs_id")
    if not isinstance(crs, str) or not crs or not str(srs_id or "").lstrip("-").isdigit():
        raise CrsError(
            Text("“{name}”没有写明项目的坐标系。", "“{name}” does not say its coordinate system.").format(
                name=path.name
            ),
            _ADVICE,
            code="store.no-crs",
        )
    row = db.execute(
        "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
        (int(str(srs_id)),),
    ).fetchone()
    found = f"{row[0]}:{row[1]}".upper() if row else None
    if found is None or (crs.upper().startswith("EPSG:") and found != crs.upper()):
        raise CrsError(
            Text(
                "“{name}”的坐标系自相矛盾：项目写的是 {crs}，图层是 {found}。",
                "“{name}” contradicts itself: the project says {crs}, its layers {found}.",
            ).format(name=path.name, crs=crs, found=found or "?"),
            _ADVICE,
            code="store.crs",
        )
