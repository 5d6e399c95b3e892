"""A comment about the whole plan has no place; everything else has one."""

import pytest

from gis.edit.features import add_feature, move_features
from layers.errors import RefusedError
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.snapshot import Snapshot


def empty():
    return Snapshot("t", "EPSG:4548", {n: Layer.of(k) for n, k in standard_kinds().items()})


def test_a_comment_needs_no_place_and_moving_it_changes_nothing():
    state = empty()
    state = state.apply(add_feature(state, "comment", None, {"code": "C01", "gist": "少停车多绿化"}))
    (comment,) = state.layers["comment"].table
    assert comment.attributes["outcome"] == "open"
    assert not move_features(state, [("comment", comment.uid)], 3, 4)


@pytest.mark.parametrize("layer", [name for name, kind in standard_kinds().items() if kind.geometry_required])
def test_every_other_layer_refuses_a_feature_without_a_place(layer):
    with pytest.raises(RefusedError):
        add_feature(empty(), layer, None)
