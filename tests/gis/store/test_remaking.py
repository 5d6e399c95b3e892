"""Whole tables of a project lost: what the rest of the record says of them is made again."""

import apsw
import pytest

from gis.project import Project
from gis.store.doctor import examine
from gis.store.failures import damaged
from gis.store.salvage import salvage
from layers.errors import StorageError
from tests.gis.store.plans import content, damaged_through_sql, emptied, house, put, whole

REBUILT = [
    *("building", "tree", "rtree_building_geom_node", "rtree_tree_geom_rowid", "pb_uid_building"),
    *("pb_delta", "pb_head", "pb_setting_delta", "sqlite_autoindex_pb_feature_1", "pb_action_state"),
    *("pb_journal_action", "sqlite_autoindex_pb_head_2", "pb_dirty"),
]


@pytest.mark.parametrize("table", REBUILT)
def test_damage_in_what_follows_from_the_rest_costs_neither_revisions_nor_steps(made, tmp_path, table):
    path, _ = made
    before = whole(path)
    with Project.open(path, read_only=True) as project:
        done = [step.label for step in project.history.done]
    data = emptied(path, table)
    out = tmp_path / "rest.gpkg"
    result = salvage(path, out)
    assert (result.whole, result.revisions, result.photos, result.doubtful) == (True, 2, 1, False)
    assert "2 个版次" in result.findings[0].message.zh
    assert path.read_bytes() == data
    assert examine(out).findings == ()
    assert whole(out) == before
    with Project.open(out) as saved:
        assert saved.findings == ()
        assert [step.label for step in saved.history.done] == done
        put(saved, house("new", 5000))
        assert saved.freeze("三稿").parent == "R2"
        while saved.undo() is not None:
            pass
        assert len(saved.snapshot.layers["building"].table) == 0


@pytest.mark.parametrize("table", ["pb_journal", "pb_action", "pb_setting_journal"])
def test_damage_in_the_steps_costs_the_steps_and_no_revision(made, tmp_path, table):
    path, before = made
    with Project.open(path, read_only=True) as project:
        states = {r.label: content(project.state(r.label)) for r in project.revisions}
    emptied(path, table)
    out = tmp_path / "rest.gpkg"
    result = salvage(path, out)
    assert (result.whole, result.revisions, result.lost) == (False, 2, {"steps"})
    assert [f.code for f in result.findings] == ["salvage.summary", "salvage.steps"]
    assert examine(out).findings == ()
    with Project.open(out) as saved:
        assert content(saved.snapshot) == before
        assert {r.label: content(saved.state(r.label)) for r in saved.revisions} == states
        put(saved, house("new", 5000))
        assert saved.freeze("三稿").parent == "R2"
        saved.restore("R1")
        assert content(saved.snapshot)["features"] == states["R1"]["features"]


def test_lost_versions_cost_only_the_revisions_that_held_them(made, tmp_path):
    path, before = made
    with Project.open(path, read_only=True) as project:
        newest = content(project.state("R2"))
    emptied(path, "pb_row")
    out = tmp_path / "rest.gpkg"
    result = salvage(path, out)
    assert (result.revisions, result.lost, result.broken) == (2, {"versions"}, ("R1",))
    words = [f.message.zh for f in result.findings if f.code == "salvage.revisions"]
    assert words
    assert "R1" in words[0]
    with Project.open(out) as saved:
        assert content(saved.snapshot) == before
        assert content(saved.state("R2")) == newest
        with pytest.raises(StorageError):
            saved.state("R1")


@pytest.mark.parametrize("table", ["pb_schema", "pb_revision", "pb_meta", "pb_layer", "pb_branch"])
def test_damage_in_what_everything_hangs_on_costs_revisions_and_never_the_plan(made, tmp_path, table):
    path, before = made
    emptied(path, table)
    result = salvage(path, tmp_path / "rest.gpkg")
    assert not result.whole
    assert "版次和操作记录未能保留" in result.findings[0].message.zh
    with Project.open(tmp_path / "rest.gpkg") as saved:
        assert content(saved.snapshot)["features"] == before["features"]


ONE_BYTE = {
    "a name in a list of fields": "UPDATE pb_schema SET columns = replace(columns, 'floors', 'fl/ors')",
    "a list of fields that is none": "UPDATE pb_schema SET columns = replace(columns, '[{', '[z')",
    "a list of fields that is no text": "UPDATE pb_schema SET columns = CAST(x'5bff' AS TEXT)",
    "the version of a feature": "UPDATE pb_head SET row_id = row_id + 16 WHERE feat_id = 9",
    "an older version of a feature": "UPDATE pb_head SET row_id = feat_id WHERE feat_id = 2",
    "the row of a feature": "UPDATE pb_head SET fid = fid + 4096 WHERE feat_id = 9",
    "the number of a feature": "UPDATE pb_head SET feat_id = 4105 WHERE feat_id = 9",
    "what a revision changed": "DROP TRIGGER pb_delta_update_seal;"
    " UPDATE pb_delta SET new_row = new_row - 1 WHERE rev_id = 2 AND feat_id = 2",
}


@pytest.mark.parametrize("what", ONE_BYTE)
def test_one_damaged_value_that_the_rest_tells_costs_nothing(made, tmp_path, what):
    path, _ = made
    before = whole(path)
    damaged_through_sql(path, ONE_BYTE[what])
    data = path.read_bytes()
    out = tmp_path / "rest.gpkg"
    assert not examine(path).sound
    assert salvage(path, out).whole
    assert path.read_bytes() == data
    assert examine(out).findings == ()
    assert whole(out) == before


INDEXES = ("gpkg_geometry_columns_2", "gpkg_contents_1", "pb_branch_1", "pb_layer_1")


@pytest.mark.parametrize("index", INDEXES)
def test_an_index_that_says_something_else_is_named_and_costs_nothing(made, tmp_path, index):
    path, _ = made
    before = whole(path)
    flip_letter(path, f"sqlite_autoindex_{index}")
    data = path.read_bytes()
    assert "doctor.index" in [f.code for f in examine(path).findings]
    out = tmp_path / "rest.gpkg"
    assert salvage(path, out).whole
    assert path.read_bytes() == data
    assert examine(out).findings == ()
    assert whole(out) == before


def flip_letter(path, index):
    """Turn one bit in the last word on the page of an index."""
    with apsw.Connection(str(path)) as db:
        (page,) = [row[0] for row in db.execute("SELECT pageno FROM dbstat WHERE name = ?", (index,))]
        size = db.pragma("page_size")
    data = bytearray(path.read_bytes())
    letters = (i for i in range(page * size - 1, (page - 1) * size, -1) if chr(data[i]) in "abcdefghijklmn")
    data[next(letters)] ^= 0x20
    path.write_bytes(data)


@pytest.mark.parametrize("table", ["gpkg_contents", "gpkg_geometry_columns"])
def test_a_lost_register_of_layers_is_written_again(made, tmp_path, table):
    path, _ = made
    before = whole(path)
    emptied(path, table)
    out = tmp_path / "rest.gpkg"
    assert salvage(path, out).whole
    assert examine(out).findings == ()
    assert whole(out) == before


def test_an_edit_of_another_program_in_a_damaged_table_is_told_as_doubtful(made, tmp_path):
    path, before = made
    damaged_through_sql(path, "UPDATE building SET note = '外部' WHERE uid = 'h009'")
    emptied(path, "building")
    result = salvage(path, tmp_path / "rest.gpkg")
    assert (result.whole, result.doubtful) == (True, True)
    assert "salvage.gaps" in [f.code for f in result.findings]
    with Project.open(tmp_path / "rest.gpkg") as saved:
        assert content(saved.snapshot) == before


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("*** in database main ***\nTree 27 page 27: returns error code 11\nPage 3: never used",
         "第 27 数据页无法读出。"),
        ("database disk image is malformed", "部分数据无法读出。"),
        ("the file is shorter than it should be", "末尾缺失，文件不完整。"),
        ("wrong # of entries in index x", "索引与数据不符。"),
        ("something else\nand more", "something else"),
    ],
)  # fmt: skip
def test_damage_is_told_in_a_line_that_a_person_can_read(tmp_path, said, words):
    error = damaged(tmp_path / "小区.gpkg", said)
    assert error.message.zh == f"项目文件“小区.gpkg”已损坏：{words}"
    assert error.__notes__ == [said]
