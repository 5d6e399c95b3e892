"""What an import found stays with the project, and goes with the undo of the import."""

from pathlib import Path

from gis.exchange.import_records import MOST_FINDINGS, last_placed, record_of, records_of, with_record
from gis.exchange.source import Ground
from gis.georeference import ControlPoint, fit_control_points
from gis.project import Project
from layers.changes import ChangeSet
from layers.errors import Finding
from layers.text import Text


def finding(n):
    return Finding("import.sliver", Text(f"第{n}", f"no {n}"), "warning", "楼.shp", n, "面积", "building")


def test_findings_are_there_after_closing_and_gone_after_undo(tmp_path):
    path = tmp_path / "a.gpkg"
    record = record_of(tmp_path / "楼.shp", "Shapefile", "EPSG:4548", ["building"], {"read": 3}, [finding(1)])
    with Project.create(path, "Estate", "EPSG:4548") as project:
        project.apply(with_record(ChangeSet(), record), Text("导入", "Import"))
    with Project.open(path) as project:
        (kept,) = records_of(project.snapshot)
        assert kept == record
        project.undo()
        assert records_of(project.snapshot) == ()


def test_no_more_findings_are_kept_than_a_person_reads_and_the_rest_is_counted(tmp_path):
    many = [finding(n) for n in range(MOST_FINDINGS + 7)]
    record = record_of(tmp_path / "a.shp", "Shapefile", "EPSG:4548", ["building"], {}, many)
    assert (len(record.findings), record.more) == (MOST_FINDINGS, 7)


def test_a_record_that_another_program_spoilt_costs_only_itself(tmp_path):
    good = record_of(tmp_path / "a.shp", "Shapefile", "EPSG:4548", ["building"], {}, [finding(1)])
    with Project.create(tmp_path / "a.gpkg", "Estate", "EPSG:4548") as project:
        changes = with_record(ChangeSet(), good)
        spoilt = {"import.x": type(changes.settings[f"import.{good.id}"])(None, {"file": 3})}
        project.apply(ChangeSet({}, {**changes.settings, **spoilt}), Text("导入", "Import"))
        assert [r.id for r in records_of(project.snapshot)] == [good.id]


def test_records_are_no_part_of_what_a_revision_says(tmp_path):
    with Project.create(tmp_path / "a.gpkg", "Estate", "EPSG:4548") as project:
        project.freeze("R1")
        record = record_of(tmp_path / "a.shp", "Shapefile", "EPSG:4548", [], {}, [])
        project.apply(with_record(ChangeSet(), record), Text("导入", "Import"))
        project.restore("R1")
        assert [r.id for r in records_of(project.snapshot)] == [record.id]


def test_control_points_stay_with_the_import_for_the_next_file_of_the_grid(empty_plan):
    points = (
        ControlPoint("K1", 1.0, 2.0, 616000.0, 4077000.0),
        ControlPoint("K2", 3.0, 4.0, 616001.0, 4077001.0),
    )
    plain = record_of(Path("a.shp"), "Shapefile", "EPSG:4548", ["building"], {}, ())
    fit = fit_control_points([p._replace(x=p.y, y=p.x) for p in points], swapped=True)
    ground = Ground("EPSG:4548", fit, points)
    placed = record_of(Path("b.shp"), "Shapefile", "EPSG:4548", ["building"], {}, (), ground)
    assert last_placed(empty_plan.apply(with_record(ChangeSet(), plain))) is None
    kept = last_placed(empty_plan.apply(with_record(ChangeSet(), placed)))
    assert (kept.file, kept.points) == ("b.shp", points)
    assert (kept.swapped, kept.method) == (True, "similarity")
