"""After an edit only what it touched is painted anew, and the picture is the one a fresh start would give."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import shapely
from shapely import affinity

from gis.render import gathering
from gis.render.prepare import prepare_layer, prepare_part
from gis.render.touched import touched_px
from gis.render.viewport import Viewport
from layers.changes import Change, ChangeSet
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.table import Table
from ui.canvas import frame as frames
from ui.canvas.frame import FrameOrder, FramePainter

ROUNDING = 5
"""Of 255: how far a blend may differ where the raster engine clips."""


def _shape(kind: str, x: float, y: float) -> shapely.Geometry:
    if standard_kinds()[kind].geometry[0] == "point":
        return shapely.Point(x, y)
    if standard_kinds()[kind].geometry[0] == "polygon":
        return shapely.box(x, y, x + 12, y + 7)
    return shapely.LineString([(x, y), (x + 14, y + 3), (x + 20, y - 6)])


def _plan(*, apart: bool = False) -> Snapshot:
    """Return a plan of things all over each other, or, within a layer, `apart`."""
    chance, layers = np.random.default_rng(5), {}
    for name in ("green", "road", "parking", "building", "tree", "drain_node", "traffic_spot"):
        kind = standard_kinds()[name]
        fields = [f.name for f in kind.fields]
        usual = {"state": "renovated", "width": 5.0, "number": "3", "code": "T1"}
        values = {k: v for k, v in usual.items() if k in fields}
        places = chance.uniform(0, 90, (12, 2)).tolist()
        if apart:
            places = [(i % 4 * 24.3 + 0.13, i // 4 * 22.7 + 0.29) for i in range(12)]
        features = [Feature(f"{i:032x}", _shape(name, x, y), dict(values)) for i, (x, y) in enumerate(places)]
        layers[name] = Layer.of(kind, Table.from_features(features, fields))
    return Snapshot("plan", "EPSG:4548", layers)


def _edits(snapshot: Snapshot):
    for layer in snapshot.layers.values():
        first, second, third, fourth = (layer.table.at(i) for i in range(4))
        yield Change(layer.id, first, replace(first, geometry=affinity.translate(first.geometry, 2, 3)))
        yield Change(layer.id, second, None)
        new = replace(third, uid="f" * 32, geometry=affinity.translate(third.geometry, -3, 11))
        yield Change(layer.id, None, new)
        if "state" in fourth.attributes:
            attributes = {**fourth.attributes, "state": "demolish"}
            yield Change(layer.id, fourth, replace(fourth, attributes=attributes))


def _pixels(frame: frames.Frame) -> np.ndarray:
    image = frame.picture.image
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return (
        np.frombuffer(bytes(bits), np.uint8).reshape(image.height(), image.width(), 4)[:, :, :3].astype(int)
    )


def _nobody() -> None:
    """Wait for ever."""


@pytest.mark.parametrize("turn", [0.0, 35.0])
def test_a_picture_painted_where_edits_touched_it_is_that_of_a_fresh_start(qapp, monkeypatch, turn):
    again: list[bool] = []
    repainted = frames._repainted

    def watched(before, *rest):
        image = repainted(before, *rest)
        if before is not None:
            again.append(image is not None)
        return image

    monkeypatch.setattr(frames, "_repainted", watched)
    state, view = _plan(), Viewport(50.0, 50.0, 0.25, 480, 360, turn_deg=turn)
    with ThreadPoolExecutor(2) as threads:
        painter = FramePainter(threads)
        painter.paint(FrameOrder(state, view, None, "zh"), _nobody)
        assert not again
        for change in [*_edits(state)]:
            state = state.apply(ChangeSet.of([change]))
            order = FrameOrder(state, view, None, "zh")
            found = _pixels(painter.paint(order, _nobody))
            assert np.abs(found - _pixels(FramePainter(threads).paint(order, _nobody))).max() <= ROUNDING
    assert np.mean(again) > 0.5  # others change the manner: the first feature of a sort, or its last


@pytest.mark.parametrize("turn", [0.0, 35.0])
@pytest.mark.parametrize("many", [4000, 3])
@pytest.mark.parametrize("metres_per_px", [0.25, 3.0])
def test_a_part_of_a_crowd_prepared_by_itself_looks_like_all_of_it_prepared(
    qapp, monkeypatch, turn, many, metres_per_px
):
    monkeypatch.setattr(frames, "FEW", 0)
    monkeypatch.setattr(gathering, "MANY", many)  # from so many on outlines are coarse, and their paths kept
    parts: list[bool] = []
    prepare_part = frames.prepare_part

    def watched(*given):
        parts.append((part := prepare_part(*given)) is not None)
        return part

    monkeypatch.setattr(frames, "prepare_part", watched)
    state, view = _plan(apart=True), Viewport(50.0, 50.0, metres_per_px, 480, 360, turn_deg=turn)
    with ThreadPoolExecutor(2) as threads:
        painter = FramePainter(threads)
        painter.paint(FrameOrder(state, view, None, "zh"), _nobody)
        for change in [c for c in _edits(state) if c.layer in ("green", "building", "parking")]:
            state = state.apply(ChangeSet.of([change]))
            order = FrameOrder(state, view, None, "zh")
            found = _pixels(painter.paint(order, _nobody))
            assert np.abs(found - _pixels(FramePainter(threads).paint(order, _nobody))).max() <= ROUNDING
    assert sum(parts) >= 6


def test_a_rule_that_drew_nothing_before_lets_all_of_the_layer_be_prepared():
    layer, view = _plan().layers["building"], Viewport(50.0, 50.0, 0.25, 480, 360)
    crowds = prepare_layer(layer, view).crowds
    first = layer.table.at(0)
    new = replace(first, attributes={**first.attributes, "state": "demolish"})
    edited = layer.with_table(layer.table.with_features({first.uid: new}))
    assert prepare_part(layer, view, (0, 0, 480, 360), crowds) is not None
    assert prepare_part(edited, view, (0, 0, 480, 360), crowds) is None


def test_an_area_that_was_a_speck_and_grows_lets_all_of_the_layer_be_prepared():
    layer, view = _plan().layers["building"], Viewport(50.0, 50.0, 30.0, 480, 360)
    crowds = prepare_layer(layer, view).crowds
    first = layer.table.at(0)
    large = replace(first, geometry=shapely.box(0, 0, 600, 600))
    edited = layer.with_table(layer.table.with_features({first.uid: large}))
    assert prepare_part(layer, view, (0, 0, 480, 360), crowds) is not None
    assert prepare_part(edited, view, (0, 0, 480, 360), crowds) is None


def test_a_picture_given_up_half_way_is_painted_as_a_whole_the_next_time(qapp):
    state, view = _plan(), Viewport(50.0, 50.0, 0.25, 480, 360)
    tree = state.layers["tree"].table.at(0)
    moved = state.apply(ChangeSet.of([Change("tree", tree, replace(tree, geometry=shapely.Point(50, 50)))]))
    checks = 0

    def impatient() -> None:
        nonlocal checks
        checks += 1
        if checks > 4:
            raise InterruptedError

    with ThreadPoolExecutor(2) as threads:
        painter, fresh = FramePainter(threads), FramePainter(threads)
        painter.paint(FrameOrder(state, view, None, "zh"), _nobody)
        with pytest.raises(InterruptedError):
            painter.paint(FrameOrder(moved, view, None, "zh"), impatient)
        for order in (FrameOrder(state, view, None, "zh"), FrameOrder(moved, view, None, "zh")):
            difference = _pixels(painter.paint(order, _nobody)) - _pixels(fresh.paint(order, _nobody))
            assert np.abs(difference).max() <= ROUNDING


def test_what_edits_touched_is_known_in_pixels_and_large_or_unknown_parts_are_all_of_it():
    layer, view = _plan().layers["tree"], Viewport(50.0, 50.0, 0.25, 480, 360)
    tree = layer.table.at(0)

    def moved(x: float, y: float) -> Layer:
        return layer.with_table(
            layer.table.with_features({tree.uid: replace(tree, geometry=shapely.Point(x, y))})
        )

    _ = layer.table.bounds
    near = moved(tree.geometry.x + 1, tree.geometry.y)
    left, top, width, height = touched_px(near, layer.table, view)
    x, y = view.to_px(tree.geometry.x, tree.geometry.y)
    assert left < x < left + width
    assert top < y < top + height
    far = layer.table.with_features(
        {
            layer.table.uids[i]: replace(layer.table.at(i), geometry=shapely.Point(90 * i, 90 * i))
            for i in (0, 1)
        }
    )
    assert touched_px(layer.with_table(far), layer.table, view) is None
    assert touched_px(layer, near.table, view) is None
    assert touched_px(near, near.table, view) == (0, 0, 0, 0)
