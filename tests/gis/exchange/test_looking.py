"""Looking into files: one process for all, each parsed once, and what is wrong with one told in its place."""

import shutil

import openpyxl
import pandas
import pyogrio
import pytest

from gis.exchange import asking, remembered
from gis.exchange.looking import Looked, look, look_into
from gis.exchange.parts import offered_parts, one_of_each_set
from gis.exchange.source import Unplaced
from gis.exchange.tables import workbook
from gis.progress import Progress
from layers.errors import BadInputError, PlanboardError
from tests.gis.exchange.test_tables import text_table


@pytest.fixture
def processes(monkeypatch):
    """Count the processes that open foreign files."""
    begun = []
    start = asking.subprocess.Popen
    monkeypatch.setattr(asking.subprocess, "Popen", lambda *a, **k: begun.append(a) or start(*a, **k))
    return begun


def four_sheets(path):
    book = openpyxl.Workbook()
    for n in range(4):
        sheet = book.active if n == 0 else book.create_sheet()
        sheet.title = f"表{n}"
        sheet.append(["楼号", "总层数"])
        sheet.append([f"{n}号楼", 6])
    book.save(path)
    return path


def test_many_files_are_listed_and_read_by_one_process(tmp_path, data, processes):
    for n in range(6):
        for part in data.glob("mapshaper_cpg_big5.*"):
            shutil.copyfile(part, tmp_path / f"图层{n}{part.suffix}")
    parts, read = offered_parts(sorted(tmp_path.glob("*.shp")), Progress())
    assert len(parts) == 6
    assert {read[part].table.columns["NAME"][0] for part in parts} == {"國語"}
    assert len(processes) == 1


def test_a_file_with_one_layer_is_read_while_it_is_looked_at(tmp_path, processes):
    looked = look_into(text_table(tmp_path / "a.csv", "楼号,总层数", "1号楼,6"), "one", Progress())
    assert list(looked.read["a"].table.columns["楼号"]) == ["1号楼"]
    assert len(processes) == 1


def test_a_file_with_several_layers_is_only_listed_where_one_was_expected(tmp_path):
    looked = look_into(four_sheets(tmp_path / "a.xlsx"), "one", Progress())
    assert [layer.name for layer in looked.layers] == ["表0", "表1", "表2", "表3"]
    assert not looked.read


def test_a_workbook_is_parsed_once_however_many_sheets_are_read(tmp_path, monkeypatch):
    from gis.exchange.readers import READERS

    remembered.forget()
    parsed = []
    parse = workbook.read_xlsx
    monkeypatch.setattr(workbook, "read_xlsx", lambda path: parsed.append(path) or parse(path))
    path = four_sheets(tmp_path / "a.xlsx")
    for layer in READERS["Excel"].layers(path):
        assert READERS["Excel"].read(path, layer.name, None, ()).read == 1
    assert len(parsed) == 1


def test_a_file_that_was_written_anew_is_parsed_anew(tmp_path):
    from gis.exchange.child import read

    first = read(text_table(tmp_path / "a.csv", "楼号,总层数", "1号楼,6"), None, None, ())
    again = read(text_table(tmp_path / "a.csv", "楼号,总层数", "1号楼,6", "2号楼,5"), None, None, ())
    assert (first.read, again.read) == (1, 2)


def test_a_broken_file_among_several_is_told_in_its_place_and_stops_no_other(tmp_path):
    text_table(tmp_path / "a.csv", "楼号,总层数", "1号楼,6")
    (tmp_path / "b.shp").write_bytes(b"no shapefile at all")
    parts, read = offered_parts([tmp_path / "a.csv", tmp_path / "b.shp"], Progress())
    assert isinstance(read[parts[0]], Unplaced)
    assert isinstance(read[parts[1]], PlanboardError)
    assert read[parts[1]].code == "import.unreadable"


def test_a_single_broken_file_is_refused(tmp_path):
    (tmp_path / "b.shp").write_bytes(b"no shapefile at all")
    with pytest.raises(BadInputError):
        offered_parts([tmp_path / "b.shp"], Progress())


def test_a_file_that_stops_the_reader_costs_only_itself(tmp_path, monkeypatch):
    good = text_table(tmp_path / "a.csv", "楼号,总层数", "1号楼,6")
    deadly = text_table(tmp_path / "b.csv", "楼号,总层数", "2号楼,6")
    ask = asking.ask_child

    def stops(request, progress):
        if str(deadly) in request["paths"]:
            raise BadInputError(asking._READING, code="import.reader-stopped")
        return ask(request, progress)

    monkeypatch.setattr("gis.exchange.looking.ask_child", stops)
    found = look([deadly, good], "all", Progress())
    assert found[deadly].code == "import.reader-stopped"
    assert isinstance(found[good], Looked)
    assert found[good].read["a"].table.read == 1


def test_of_a_shapefile_any_part_leads_to_the_whole(tmp_path, data):
    parts = [shutil.copyfile(p, tmp_path / p.name) for p in sorted(data.glob("mapshaper_cpg_big5.*"))]
    (shp,) = (p for p in parts if p.suffix == ".shp")
    assert one_of_each_set(parts) == [shp]
    for part in parts:
        assert one_of_each_set([part]) == [shp]


def test_parts_of_a_shapefile_without_its_main_file_are_one_table(tmp_path, data):
    for p in data.glob("mapshaper_cpg_big5.*"):
        if p.suffix != ".shp":
            shutil.copyfile(p, tmp_path / p.name)
    (dbf,) = one_of_each_set(sorted(tmp_path.iterdir()))
    looked = look_into(dbf, "one", Progress())
    (table,) = (found.table for found in looked.read.values())
    assert (list(table.columns["NAME"]), table.shaped) == (["國語"], False)
    assert "import.incomplete" in {f.code for f in table.findings}


def test_a_table_in_a_geopackage_is_read_as_a_table_and_what_qgis_keeps_is_none(tmp_path):
    path = tmp_path / "a.gpkg"
    for name in ("楼栋", "layer_styles"):
        frame = pandas.DataFrame({"楼号": ["1号楼"], "总层数": [6]})
        pyogrio.write_dataframe(frame, path, layer=name, append=path.exists())
    looked = look_into(path, "one", Progress())
    assert [(layer.name, layer.geometry) for layer in looked.layers] == [("楼栋", None)]
    assert not looked.read["楼栋"].table.shaped
    assert list(looked.read["楼栋"].table.columns["楼号"]) == ["1号楼"]
