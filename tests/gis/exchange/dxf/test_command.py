"""Drawings on the command line."""

import json

import ezdxf
import pytest

from gis.cli.main import main
from gis.exchange.dxf.looks import is_drawing
from gis.project import Project
from tests.gis.exchange.dxf.conftest import DATA, SOUTH, WEST, box, words


@pytest.fixture
def run(capsys):
    """Run a command and return exit code, output and errors."""

    def run(*arguments):
        code = main([str(a) for a in arguments])
        written = capsys.readouterr()
        assert "Traceback" not in written.out + written.err
        return code, written.out, written.err

    return run


@pytest.fixture
def project(tmp_path):
    path = tmp_path / "estate.gpkg"
    Project.create(path, "试验小区", "EPSG:4548").close()
    return path


@pytest.fixture
def survey(tmp_path):
    """A survey drawing with a house, its label and a road edge."""
    document = ezdxf.new("R2010")
    space = document.modelspace()
    box(space, 0, 0, 40, 12, "JMD")
    words(space, "砼6", 15, 4, "JMD")
    space.add_line((WEST, SOUTH - 4), (WEST + 60, SOUTH - 4), dxfattribs={"layer": "DLSS"})
    path = tmp_path / "测图.dxf"
    document.saveas(path)
    return path


def state(path):
    project = Project.open(path, read_only=True)
    try:
        return {k: len(layer.table) for k, layer in project.snapshot.layers.items() if len(layer.table)}
    finally:
        project.close()


def test_a_drawing_comes_in_by_its_layers_as_one_step(run, project, survey):
    code, out, _ = run("import", project, survey, "--crs", "EPSG:4548", "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["counts"] == {
        "read": 3, "features": 2, "merged": 1, "dissolved": 0, "hidden": 0, "set_aside": 0, "unreadable": 0,
        "left_out": 0,
    }  # fmt: skip
    assert state(project) == {"building": 1, "road": 1}
    opened = Project.open(project)
    try:
        opened.undo()
        assert not any(len(layer.table) for layer in opened.snapshot.layers.values())
    finally:
        opened.close()


def test_layers_can_be_sent_elsewhere_and_the_mapping_kept(run, project, survey, tmp_path):
    kept = tmp_path / "mapping.json"
    options = ("--crs", "EPSG:4548", "--dry-run")
    code, out, _ = run(
        "import", project, survey, *options, "--map-layer", "DLSS=reference", "--save-mapping", kept
    )
    assert code == 0
    assert "reference 1" in out
    assert state(project) == {}
    code, out, _ = run("import", project, survey, *options, "--mapping", kept, "--json")
    assert json.loads(out)["layers"].keys() == {"building", "reference"}


def test_one_layer_takes_what_fits_it(run, project, survey):
    assert run("import", project, survey, "--layer", "plan_element", "--crs", "EPSG:4548")[0] == 0
    assert state(project) == {"plan_element": 2, "reference": 1}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 11),
        (("--crs", "EPSG:4548", "--map-layer", "JMD"), 2),
        (("--crs", "EPSG:4548", "--map-layer", "JMD=quatsch"), 40),
        (("--crs", "EPSG:4548", "--units", "ell"), 2),
        (("--crs", "EPSG:4548", "--encoding", "quatsch"), 2),
        (("--crs", "EPSG:4548", "--mapping", "none.json"), 40),
        (("--crs", "EPSG:4548", "--map", "a=b"), 2),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(run, project, survey, options, code):
    found, _, err = run("import", project, survey, *options)
    assert found == code
    assert err
    assert state(project) == {}


def test_other_formats_still_need_a_layer(run, project, tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text('{"type": "FeatureCollection", "features": []}')
    assert run("import", project, path)[0] == 2


def test_a_local_grid_is_refused_with_what_to_ask_for(run, project):
    code, _, err = run("import", project, DATA / "libredwg_gh109_1.dxf")
    assert code == 11
    assert "控制点" in err
    assert "T3" in err


@pytest.mark.parametrize("options", [(), ("--dxf-version", "R2000"), ("--encoding", "gbk")])
def test_a_plan_goes_to_cad_and_back_without_a_change(run, project, survey, tmp_path, options):
    run("import", project, survey, "--crs", "EPSG:4548")
    out = tmp_path / "out.dxf"
    assert run("export", project, out, *options)[0] == 0
    release = {"AC1015": "R2000", "AC1024": "R2010"}[ezdxf.readfile(out).dxfversion]
    assert release == ("R2000" if options else "R2010")
    code, answer, _ = run("import", project, out, "--json")
    assert code == 0
    counts = json.loads(answer)["layers"]
    assert sum(c["unchanged"] for c in counts.values()) == 2
    assert sum(c["added"] + c["updated"] for c in counts.values()) == 0


def test_options_of_drawings_are_for_drawings(run, project, tmp_path):
    assert run("export", project, tmp_path / "a.gpkg", "--dxf-version", "R2000")[0] == 2
    assert run("export", project, tmp_path / "a.dxf", "--dxf-version", "R2010", "--encoding", "gbk")[0] == 2
    assert not (tmp_path / "a.dxf").exists()


def test_a_drawing_is_known_by_its_bytes_too(tmp_path):
    for name in ("GDAL_entities_only.dxf", "ezdxf_bin_dxf_r12.dxf"):
        path = tmp_path / "no_ending"
        path.write_bytes((DATA / name).read_bytes())
        assert is_drawing(path)
    path.write_text('{"type": "FeatureCollection"}')
    assert not is_drawing(path)
    assert not is_drawing(tmp_path / "none")


def test_the_same_drawing_again_updates_where_shapes_match(run, project, survey, tmp_path):
    run("import", project, survey, "--crs", "EPSG:4548")
    again = ("import", project, survey, "--crs", "EPSG:4548", "--match", "shape", "--json")
    answer = json.loads(run(*again)[1])
    assert (answer["layers"]["building"]["unchanged"], answer["layers"]["building"]["added"]) == (1, 0)
    assert state(project) == {"building": 1, "road": 1}
    document = ezdxf.new("R2010")
    box(document.modelspace(), 0, 40, 40, 12, "JMD")
    newer = tmp_path / "新测图.dxf"
    document.saveas(newer)
    code, out, _ = run(
        "import", project, newer, "--crs", "EPSG:4548", "--match", "shape", "--remove-missing", "--json"
    )
    assert (code, json.loads(out)["gone"]) == (0, 1)
    assert state(project) == {"building": 1, "road": 1}  # one house for another; nothing is said of roads


def test_nothing_is_removed_without_a_way_to_match(run, project, survey):
    assert run("import", project, survey, "--crs", "EPSG:4548", "--remove-missing")[0] == 2
