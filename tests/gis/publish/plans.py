"""A tiny estate by hand: one building row, a road, a pipe that is nobody's business, two problem spots."""

from __future__ import annotations

from dataclasses import replace

import shapely

from gis.publish.profile import PROFILES
from gis.publish.redaction import Redacted, State, redact
from gis.revisions.compare import compare
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.revision import Revision
from layers.snapshot import Snapshot, shown
from layers.table import Table

ORIGIN = (616000.0, 4078000.0)


def box(west, south, east, north):
    return shapely.box(ORIGIN[0] + west, ORIGIN[1] + south, ORIGIN[0] + east, ORIGIN[1] + north)


def line(*points):
    return shapely.LineString([(ORIGIN[0] + x, ORIGIN[1] + y) for x, y in points])


def point(x, y):
    return shapely.Point(ORIGIN[0] + x, ORIGIN[1] + y)


def layer(kind, *features):
    """Return a standard layer; each feature is (uid, geometry, attributes)."""
    known = standard_kinds()[kind]
    names = [f.name for f in known.fields]
    made = [Feature(uid, shape, {**known.defaults(), **values}) for uid, shape, values in features]
    return Layer.of(known, Table.from_features(made, names))


BASE = {
    "boundary": [("site", box(0, 0, 200, 150), {"name": "红线"})],
    "road": [("road", line((0, 50), (200, 50)), {"name": "中心路", "class": "main", "width_m": 7.0})],
    "building": [
        ("b12", box(20, 70, 70, 82), {"number": "12", "floors": 6, "households": 36, "note": "私人备注"}),
        ("b3", box(90, 70, 140, 82), {"number": "3", "floors": 5, "households": 30}),
        ("kg", box(150, 90, 190, 120), {"name": "幼儿园", "use": "kindergarten"}),
    ],
    "pipe": [("pipe", line((10, 60), (190, 60)), {"diameter_mm": 300, "note": "井盖钥匙在老王家"})],
    "drainage_spot": [
        (
            "d1",
            point(60, 65),
            {"code": "D01", "title": "门口积水", "severity": 4, "description": "住户李某反映"},
        )
    ],
    "traffic_spot": [("t1", point(150, 50), {"code": "T03", "title": "接送拥堵", "status": "answered"})],
}


def snapshot(label="R1", title="试验小区", settings=None, **changed):
    """Return a state of the tiny estate; keywords replace the features of whole layers."""
    layers = {kind: layer(kind, *features) for kind, features in {**BASE, **changed}.items()}
    return Snapshot(title, "EPSG:4548", shown(layers, settings or {}), settings or {}, label)


def second(**more):
    """Return the next state: bays are new, a building moved, the pipe is wider."""
    changes = {
        "parking": [("p1", box(30, 40, 36, 45), {"bays": 3, "state": "new", "answers": "T03"})],
        "building": [
            BASE["building"][0],
            ("b3", box(95, 74, 145, 86), BASE["building"][1][2]),
            BASE["building"][2],
        ],
        "pipe": [
            ("pipe", line((10, 60), (190, 60)), {"diameter_mm": 600, "state": "renovated", "answers": "D01"})
        ],
    }
    return snapshot("R2", **{**changes, **more})


def revision(label="R1", title="公示稿 第1版", note="", author="", created="2020-06-18T09:00:00+08:00"):
    return Revision(label, f"uuid-{label}", None, title, note, author, created, "")


def redacted(*snapshots, revisions=None) -> Redacted:
    """Return what the public profile lets through of some states, each compared with the one before."""
    names = revisions or [revision(s.revision or "") for s in snapshots]
    states = [State(name, state) for name, state in zip(names, snapshots, strict=True)]
    pairs = [(i - 1, i, compare(snapshots[i - 1], snapshots[i])) for i in range(1, len(snapshots))]
    return redact(states, pairs, PROFILES["public"])


def content(*snapshots):
    return redacted(*(snapshots or (snapshot(), second()))).content


def filled_with(word, **other):
    """Return a state with one word in every text field of every feature."""
    features = {}
    for kind, items in BASE.items():
        fields = [
            f
            for f in standard_kinds()[kind].fields
            if f.type in ("text", "long_text") and f.name != "answers"
        ]
        features[kind] = [
            (uid, shape, {**values, **{f.name: word for f in fields}}) for uid, shape, values in items
        ]
    return replace(snapshot(**{**features, **other}), title=word)
