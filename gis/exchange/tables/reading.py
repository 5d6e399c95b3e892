"""A table file as a `RawTable`: titles found, cells filled, coordinates read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gis.exchange.gdal_reading import Records
from gis.exchange.geopackage import choose_layer
from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.table_building import distinct_names, records_of_rows, to_raw
from gis.exchange.tables.filling import eaten_by_dates, fill_down
from gis.exchange.tables.grid import Grid
from gis.exchange.tables.heading import Headed, find_heading
from gis.exchange.tables.own_titles import places_in
from gis.exchange.tables.places import Places, find_places
from layers.errors import BadInputError, Finding
from layers.schema import Value
from layers.text import Text


def read_table_file(
    path: Path, format_name: str, wanted: str | None, encoding: str | None, preferred: Sequence[str] = ()
) -> RawTable:
    """Read one sheet.

    Parameters
    ----------
    path : Path
    format_name : str
        ``"CSV"``, ``"Excel"`` or ``"Excel 97"``.
    wanted : str, optional
        Name of the sheet; not needed if only one holds anything.
    encoding : str, optional
        Of a text table; found from the bytes if not given.
    preferred : sequence of str
        Sheets to take if several hold something.

    Returns
    -------
    RawTable
        Records carry the number of their row in the sheet. ``shaped`` is
        False if the table has no coordinates.

    Raises
    ------
    BadInputError, NotFoundError
        As `choose_layer`; or if the file is no table, or holds nothing.
    """
    grids = _with_records(_grids(path, format_name, encoding), wanted)
    layers = [SourceLayer(grid.name, "Unknown", len(grid.rows), None) for grid in grids]
    grid = grids[layers.index(choose_layer(path.name, layers, wanted, preferred))]
    headed = find_heading(grid)
    findings = [*grid.findings, *headed.findings]
    names = _names(grid, headed, findings)
    findings += eaten_by_dates(grid, names, headed.rows)
    findings += fill_down(grid, names, headed.rows)
    records, places = _records(grid, headed, names)
    table = to_raw(grid.name, format_name, records, [*findings, *places.findings])
    if places.columns:
        told = {f.record for f in places.findings if f.severity == "error"}
        # a coordinate that cannot be read has been told with its value; the general word adds nothing
        table.findings = [
            f for f in table.findings if f.code != "import.geometry-damaged" or f.record not in told
        ]
    else:
        table.shaped = False
        table.findings = [f for f in table.findings if not f.code.startswith("import.geometry-")]
    table.encoding, table.encoding_evidence = grid.encoding, grid.evidence
    return table


def table_layers(path: Path, format_name: str) -> list[SourceLayer]:
    """Return all sheets; the geometry is None for one without coordinates, the count 0 for an empty one."""
    layers = []
    for grid in _grids(path, format_name, None):
        headed = find_heading(grid)
        _, places = _records(grid, headed, _names(grid, headed, []))
        kinds = {g.geom_type for g in places.geometry if g is not None}
        kind = None if not places.columns else kinds.pop() if len(kinds) == 1 else "Unknown"
        layers.append(SourceLayer(grid.name, kind, len(headed.rows), places.crs))
    return layers


def _grids(path: Path, format_name: str, encoding: str | None) -> list[Grid]:
    if format_name == "CSV":
        from gis.exchange.tables.delimited import read_delimited

        grids = [read_delimited(path, encoding)]
    else:
        from gis.exchange.tables.workbook import read_xls, read_xlsx

        grids = read_xlsx(path) if format_name == "Excel" else read_xls(path)
    if all(grid.is_empty() for grid in grids):
        words = Text("{file} 是空表。", "{file} is an empty table.").format(file=path.name)
        raise BadInputError(words, code="import.empty")
    return grids


def _with_records(grids: list[Grid], wanted: str | None) -> list[Grid]:
    """Return the sheets with records, or all if none has any; refuse one without if it is wanted."""
    found = [grid for grid in grids if find_heading(grid).rows]
    if found and wanted is not None and wanted in {g.name for g in grids} - {g.name for g in found}:
        words = Text(
            "工作表“{n}”只有标题，没有数据行。", "The sheet “{n}” has titles only, and no rows."
        ).format(n=wanted)
        there = Text("有数据的工作表：{names}", "Sheets with rows: {names}")
        raise BadInputError(
            words, there.format(names=", ".join(g.name for g in found)), code="import.empty-sheet"
        )
    return found or [grid for grid in grids if not grid.is_empty()]


def _names(grid: Grid, headed: Headed, findings: list[Finding]) -> list[str]:
    told: list[Finding] = []
    names = distinct_names(headed.names, told)
    used = {name for c, name in enumerate(names) if any(grid.rows[r][c] is not None for r in headed.rows)}
    findings += [f for f in told if f.field in used]
    return names


def _records(grid: Grid, headed: Headed, names: Sequence[str]) -> tuple[Records, Places]:
    columns = [[grid.rows[r][c] for r in headed.rows] for c in range(len(names))]
    numbers = [r + 1 for r in headed.rows]
    places = find_places(names, columns, numbers)
    dropped = _dropped(places, names, columns)
    kept = [c for c in range(len(names)) if c not in dropped]
    rows: list[dict[str, Value]] = [{names[c]: columns[c][i] for c in kept} for i in range(len(numbers))]
    crs = places_in(names).crs or places.crs
    return records_of_rows(rows, places.geometry, places.damaged, numbers, crs), places


def _dropped(places: Places, names: Sequence[str], columns: Sequence[Sequence[Value]]) -> set[int]:
    """Return the columns that are no attributes: coordinates, and those without title or content."""
    empty = {c for c in range(len(names)) if all(v is None for v in columns[c])}
    return {*places.columns, *empty, *places_in(names).columns}
