"""A table file as a `RawTable`: titles found, cells filled, coordinates read."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from gis.exchange.gdal_reading import Records
from gis.exchange.geopackage import choose_layer
from gis.exchange.raw import RawTable, SourceLayer
from gis.exchange.remembered import once_per_file
from gis.exchange.table_building import distinct_names, records_of_rows, to_raw, without_places
from gis.exchange.tables.filling import eaten_by_dates, fill_down
from gis.exchange.tables.grid import Grid
from gis.exchange.tables.heading import Headed, find_heading
from gis.exchange.tables.own_titles import places_in
from gis.exchange.tables.places import Places, find_places, told_once
from gis.exchange.tables.sheet_notes import leave_out_errors
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
        ``"CSV"``, ``"Excel"``, ``"Excel 97"``, ``"Excel XML"``, ``"OpenDocument"`` or ``"HTML"``.
    wanted : str, optional
        Name of the sheet; not needed if only one holds anything.
    encoding : str, optional
        Of a text or a page; found from the bytes if not given.
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
    sheets = _with_records(_sheets(path, format_name, encoding), wanted)
    layers = [SourceLayer(sheet.grid.name, "Unknown", len(sheet.grid.rows), None) for sheet in sheets]
    sheet = sheets[layers.index(choose_layer(path.name, layers, wanted, preferred))]
    records, places, titles, coordinates = sheet.content
    table = to_raw(sheet.grid.name, format_name, records, [*sheet.findings, *places.findings])
    table.titles, table.coordinates = titles, coordinates
    if places.columns:
        table.findings = told_once(table.findings, places)
    else:
        without_places(table)
    table.encoding, table.encoding_evidence = sheet.grid.encoding, sheet.grid.evidence
    return table


def table_layers(path: Path, format_name: str) -> list[SourceLayer]:
    """Return all sheets; the geometry is None for one without coordinates, the count 0 for an empty one."""
    layers = []
    for sheet in _sheets(path, format_name, None):
        places = sheet.content.places
        kinds = {g.geom_type for g in places.geometry if g is not None}
        kind = None if not places.columns else kinds.pop() if len(kinds) == 1 else "Unknown"
        grid, rows = sheet.grid, len(sheet.headed.rows)
        layers.append(SourceLayer(grid.name, kind, rows, places.crs, hidden=grid.hidden))
    return layers


class _Content(NamedTuple):
    """The records of a sheet, and where they are."""

    records: Records
    places: Places
    titles: list[str]
    coordinates: dict[str, Sequence[Value]]


class _Sheet:
    """One sheet, worked out as far as it is asked for, and once."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.findings: list[Finding] = []
        """Complete with `content`."""

    @cached_property
    def headed(self) -> Headed:
        return find_heading(self.grid)

    @cached_property
    def content(self) -> _Content:
        """Fills the grid, too."""
        grid, headed = self.grid, self.headed
        self.findings = [*grid.findings, *headed.findings]
        names = _names(grid, headed, self.findings)
        self.findings += eaten_by_dates(grid, names, headed.rows)
        self.findings += fill_down(grid, names, headed.rows)
        return _records(grid, headed, names)


@once_per_file
def _sheets(path: Path, format_name: str, encoding: str | None) -> list[_Sheet]:
    grids = _grids(path, format_name, encoding)
    if all(grid.is_empty() for grid in grids):
        words = Text("{file} 是空表。", "{file} is an empty table.").format(file=path.name)
        raise BadInputError(words, code="import.empty")
    for grid in grids:
        leave_out_errors(grid, path.name)
    return [_Sheet(grid) for grid in grids]


def _grids(path: Path, format_name: str, encoding: str | None) -> list[Grid]:
    if format_name == "CSV":
        from gis.exchange.tables.delimited import read_delimited

        return [read_delimited(path, encoding)]
    if format_name in ("HTML", "Excel XML"):
        from gis.exchange.tables.markup import read_html, read_spreadsheet_xml

        return read_html(path, encoding) if format_name == "HTML" else read_spreadsheet_xml(path)
    if format_name == "OpenDocument":
        from gis.exchange.tables.opendocument import read_opendocument

        return read_opendocument(path)
    from gis.exchange.tables.workbook import read_xls, read_xlsx

    return read_xlsx(path) if format_name == "Excel" else read_xls(path)


def _with_records(sheets: list[_Sheet], wanted: str | None) -> list[_Sheet]:
    """Return the sheets with records, or all if none has any; refuse one without if it is wanted."""
    found = [sheet for sheet in sheets if sheet.headed.rows]
    if wanted is None:
        found = [sheet for sheet in found if not sheet.grid.hidden] or found
    if found and wanted is not None and wanted in {s.grid.name for s in sheets if s not in found}:
        words = Text(
            "工作表“{n}”只有标题，没有数据行。", "The sheet “{n}” has titles only, and no rows."
        ).format(n=wanted)
        there = Text("有数据的工作表：{names}", "Sheets with rows: {names}")
        raise BadInputError(
            words, there.format(names=", ".join(s.grid.name for s in found)), code="import.empty-sheet"
        )
    return found or [sheet for sheet in sheets if not sheet.grid.is_empty()]


def _names(grid: Grid, headed: Headed, findings: list[Finding]) -> list[str]:
    told: list[Finding] = []
    names = distinct_names(headed.names, told)
    used = {name for c, name in enumerate(names) if any(grid.rows[r][c] is not None for r in headed.rows)}
    findings += [f for f in told if f.field in used]
    return names


def _records(grid: Grid, headed: Headed, names: Sequence[str]) -> _Content:
    columns = [[grid.rows[r][c] for r in headed.rows] for c in range(len(names))]
    numbers = [r + 1 for r in headed.rows]
    places = find_places(names, columns, numbers)
    dropped = _dropped(places, names, columns)
    kept = [c for c in range(len(names)) if c not in dropped]
    rows: list[dict[str, Value]] = [{names[c]: columns[c][i] for c in kept} for i in range(len(numbers))]
    crs = places_in(names).crs or places.crs
    records = records_of_rows(rows, places.geometry, places.damaged, numbers, crs)
    titles = [name for name, title in zip(names, headed.names, strict=True) if title]
    return _Content(records, places, titles, {names[c]: columns[c] for c in places.columns})


def _dropped(places: Places, names: Sequence[str], columns: Sequence[Sequence[Value]]) -> set[int]:
    """Return the columns that are no attributes: coordinates, and those without title or content."""
    empty = {c for c in range(len(names)) if all(v is None for v in columns[c])}
    return {*places.columns, *empty, *places_in(names).columns}
