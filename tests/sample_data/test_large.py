"""Large towns are valid, alike on every run, and the same in both kinds of file."""

from pathlib import Path

import pyogrio
import pytest
import shapely

from gis.project import Project
from layers.kinds import standard_kinds
from sample_data import large
from sample_data.large import large_changes, large_outlines, large_table, write_large, write_plain


def test_every_house_is_a_valid_polygon_of_13_points() -> None:
    outlines = large_outlines(2000)
    assert shapely.is_valid(outlines).all()
    assert (shapely.get_num_coordinates(outlines) == 13).all()


def test_houses_do_not_overlap() -> None:
    outlines = large_outlines(2000)
    first, second = shapely.STRtree(outlines).query(outlines, predicate="intersects")
    assert (first == second).all()


def test_eight_attributes_are_filled_and_fit_their_fields() -> None:
    table = large_table(300)
    kind = standard_kinds()[large.LAYER]
    assert set(table.columns) == {f.name for f in kind.fields}
    filled = {name for name, column in table.columns.items() if column[0] is not None}
    assert len(filled) == 8
    for feature in table:
        assert all(f.problem(feature.attributes[f.name]) is None for f in kind.fields)


def test_two_tables_of_one_size_are_equal() -> None:
    first, second = large_table(500), large_table(500)
    assert list(first.uids) == list(second.uids)
    assert (shapely.to_wkb(first.geometry) == shapely.to_wkb(second.geometry)).all()
    assert all(first.columns[name].tolist() == second.columns[name].tolist() for name in first.columns)


def test_ids_are_unique() -> None:
    uids = large_table(5000).uids
    assert len(set(uids)) == 5000
    assert {len(uid) for uid in uids} == {32}


@pytest.mark.parametrize("n", [1, 7, 250])
def test_changes_hold_as_many_houses_as_asked_in_steps(n: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "STEP", 100)
    sizes = [len(changes) for changes in large_changes(n)]
    assert sum(sizes) == n
    assert max(sizes) <= 100


def test_the_project_and_the_plain_file_hold_the_same_houses(tmp_path: Path) -> None:
    write_large(tmp_path / "large.gpkg", 120)
    write_plain(tmp_path / "plain.gpkg", 120)
    with Project.open(tmp_path / "large.gpkg", read_only=True) as project:
        table = project.snapshot.layers[large.LAYER].table
    frame = pyogrio.read_dataframe(tmp_path / "plain.gpkg")
    assert frame.crs.to_epsg() == 4548
    assert len(table) == len(frame) == 120
    assert shapely.equals_exact(table.geometry, frame.geometry.to_numpy(), 1e-9).all()
    assert table.columns["number"].tolist() == frame["number"].tolist()
    assert table.columns["households"].tolist() == frame["households"].tolist()
