"""What comes in from real files, against independent readers.

Run ``python -m tests.bench.real_files FOLDER [OUT.md]``.

For every file of the folder (and those below) that Planboard reads, one line: records in the file by an
independent reader (pyogrio/OGR for spatial data, ezdxf for drawings, openpyxl and csv for tables), and
where each record went: usable, set aside with a finding, repaired. Below, the files that are refused and
why, then photos and placed pictures beside exiftool and gdalinfo. No project is involved and nothing is
written but the report.
"""

from __future__ import annotations

import csv
import io
import logging
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from gis.exchange.dxf.drawing import Drawing, read_drawing
from gis.exchange.dxf.looks import is_drawing
from gis.exchange.dxf.pieces import FAULTS
from gis.exchange.encoding import decode_document
from gis.exchange.formats import format_of
from gis.exchange.looking import list_source_layers
from gis.exchange.source import Unplaced, read_unplaced
from layers.errors import PlanboardError
from tests.bench.real_pictures import picture_tables

ENDS = (
    ".shp", ".gpkg", ".geojson", ".json", ".kml", ".kmz", ".gpx", ".gml", ".fgb", ".tab", ".mif", ".csv",
    ".tsv", ".txt", ".xlsx", ".xls", ".et", ".ods", ".fods", ".zip", ".dxf", ".dbf", ".osm",
    ".pbf", ".parquet",
)  # fmt: skip
HEAD = "| file | format | independent reader | read | usable | repaired | set aside | encoding | CRS named |"


def main() -> int:
    """Print the report, or write it."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    folder = Path(sys.argv[1])
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in ENDS and p.is_file())
    files = [p for p in files if p.suffix.lower() != ".dbf" or not p.with_suffix(".shp").exists()]
    rows, refused, totals = [], [], Counter()
    for path in files:
        name = path.relative_to(folder).as_posix()
        try:
            found = list(_entries(path))
        except PlanboardError as error:
            refused.append(f"| {name} | {error.code} | {error.message.en} |")
            totals["refused"] += 1
            continue
        for kind, reader, unplaced in found:
            rows.append(f"| {name} | {kind} | {reader} | {unplaced} |")
            totals[kind.split(" · ")[0]] += 1
    lines = [
        HEAD,
        "|" + " --- |" * 9,
        *rows,
        "",
        "| file | code | why it is refused |",
        "| --- | --- | --- |",
        *refused,
        "",
        *picture_tables(folder),
    ]
    told = ", ".join(f"{kind} {count}" for kind, count in totals.most_common())
    words = "\n".join([f"{len(files)} files: {told}.", "", *lines]) + "\n"
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(words, "utf-8")
    else:
        sys.stdout.write(words)
    return 0


def _entries(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield format, what the independent reader says, and where the records went, for each layer."""
    if is_drawing(path):
        drawing = read_drawing(path)
        yield f"DXF {drawing.release}", _by_ezdxf(path), _drawing_row(drawing)
        return
    kind = format_of(path)
    names: list[str | None] = [None]
    if kind not in ("CSV", "Shapefile"):
        names = [layer.name for layer in list_source_layers(path)] or [None]
    for name in names if len(names) > 1 else [None]:
        try:
            found = read_unplaced(path, source_layer=name)
        except PlanboardError as error:
            if len(names) == 1:
                raise
            yield (
                f"{_kind(path, kind)} · {name}",
                _independent(path, kind, name),
                f"refused: {error.code} | | | | |",
            )
            continue
        yield (
            f"{_kind(path, kind)} · {found.table.layer}",
            _independent(path, kind, found.table.layer),
            _row(found),
        )


def _kind(path: Path, kind: str) -> str:
    return "dBASE" if path.suffix.lower() == ".dbf" else kind


def _row(found: Unplaced) -> str:
    table = found.table
    usable = sum(shape is not None for shape in found.geometry) if table.shaped else len(table.records)
    named = (found.declared or "–") if table.shaped else "no places"
    named = named if len(named) < 20 else "WKT"
    aside = table.read - usable
    return f"{table.read} | {usable} | {len(table.repaired)} | {aside} | {table.encoding} | {named}"


def _drawing_row(drawing: Drawing) -> str:
    shaped = sum(shape is not None for shape in drawing.geometry)
    parts = len(drawing) - drawing.entities
    read = f"{drawing.entities} + {parts} in blocks" if parts > 0 else f"{len(drawing)}"
    aside = len(drawing) - shaped
    codec, named = drawing.encoding.codec, drawing.crs or "–"
    return f"{read} | {shaped} | {len(drawing.repaired)} | {aside} | {codec} | {named}"


def _independent(path: Path, kind: str, layer: str | None) -> str:
    if kind == "CSV":
        text, _ = decode_document(path.read_bytes())
        dialect = max(",;\t", key=text[:5000].count)
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=dialect) if any(row)]
        return f"csv: {len(rows)} lines"
    if kind == "Excel":
        import openpyxl

        sheets = openpyxl.load_workbook(path, read_only=True).worksheets
        sheet = next((s for s in sheets if s.title == layer), sheets[0])
        filled = sum(any(c is not None for c in row) for row in sheet.iter_rows(values_only=True))
        return f"openpyxl: {filled} rows"
    return _by_ogr(path, layer)


def _by_ogr(path: Path, layer: str | None) -> str:
    import pyogrio
    from pyogrio.errors import DataLayerError, DataSourceError

    source = f"/vsizip/{path}" if path.suffix == ".zip" else str(path)
    try:
        names = [str(name) for name, _ in pyogrio.list_layers(source)]
        wanted = [layer] if layer in names else names
        counts = [pyogrio.read_info(source, layer=n, force_feature_count=True)["features"] for n in wanted]
        return f"OGR: {sum(counts)} features"
    except (DataLayerError, DataSourceError, UnicodeDecodeError) as error:
        return f"OGR: {type(error).__name__}"


def _by_ezdxf(path: Path) -> str:
    import ezdxf
    from ezdxf import recover

    try:
        return f"ezdxf: {len(ezdxf.readfile(path).modelspace())} entities"
    except (ezdxf.DXFError, *FAULTS, OSError):
        try:
            return f"ezdxf recover: {len(recover.readfile(path)[0].modelspace())} entities"
        except (ezdxf.DXFError, *FAULTS, OSError) as error:
            return f"ezdxf: {type(error).__name__}"


if __name__ == "__main__":
    sys.exit(main())
