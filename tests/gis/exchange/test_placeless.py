"""Comments about the whole plan have no place, and come back from a file all the same."""

import json

import pytest
import shapely

from gis.exchange.export import export
from gis.exchange.plan import plan_import
from gis.exchange.source import read_source
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot

PLACELESS = Feature("a" * 32, None, {"code": "C01", "gist": "希望加装电梯", "outcome": "open"})
PLACED = Feature(
    "b" * 32, shapely.Point(616650, 4077999), {"code": "C02", "gist": "补绿地", "outcome": "open"}
)


def plan():
    empty = Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})
    return empty.apply(ChangeSet.of([Change("comment", None, f) for f in (PLACELESS, PLACED)]))


@pytest.mark.parametrize("ending", ["gpkg", "geojson"])
def test_what_goes_out_comes_back_as_it_was(tmp_path, ending):
    snapshot = plan()
    out = tmp_path / f"c.{ending}"
    export(snapshot, out, ["comment"])
    again = plan_import(snapshot, read_source(out), "comment")
    assert not again.changes
    assert not [f for f in again.findings if f.severity == "error"]
    fresh = Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})
    added = fresh.apply(plan_import(fresh, read_source(out), "comment").changes)
    assert added.feature(("comment", PLACELESS.uid)) == PLACELESS


def test_what_a_file_cannot_hold_is_not_gone_because_it_is_not_in_it(tmp_path):
    snapshot = plan()
    out = tmp_path / "c.shp"
    export(snapshot, out, ["comment"])
    [shp] = tmp_path.rglob("*.shp")
    assert plan_import(snapshot, read_source(shp), "comment", match="uid").gone == ()


def test_what_has_no_place_is_gone_from_a_file_that_holds_others_without(tmp_path):
    snapshot = plan()
    other = Feature("c" * 32, None, {"code": "C03", "gist": "加路灯", "outcome": "open"})
    out = tmp_path / "c.geojson"
    export(snapshot.apply(ChangeSet.of([Change("comment", None, other)])), out, ["comment"])
    document = json.loads(out.read_text("utf-8"))
    document["features"] = [f for f in document["features"] if f["properties"]["code"] != "C01"]
    out.write_text(json.dumps(document), "utf-8")
    assert plan_import(snapshot, read_source(out), "comment", match="uid").gone == (PLACELESS.uid,)


def test_other_layers_still_refuse_what_has_no_place(tmp_path):
    path = tmp_path / "x.geojson"
    lawn = [[[118.307, 36.826], [118.3072, 36.826], [118.3072, 36.8261], [118.307, 36.826]]]
    shapes = [None, {"type": "Polygon", "coordinates": lawn}]
    features = [{"type": "Feature", "geometry": shape, "properties": {"name": "x"}} for shape in shapes]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    found = plan_import(plan(), read_source(path), "green")
    assert len(found.changes) == 1
    assert [f.code for f in found.findings if f.severity == "error"] == ["import.geometry-missing"]
