"""Styles made from data: categories, classes, colours."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import shapely

from gis.ramps import RAMPS, ramp
from gis.render.matching import matches_of
from gis.styling import (
    MOST_CATEGORIES,
    breaks,
    by_category,
    by_class,
    color_of,
    field_of,
    mode_of,
    recolored,
    single,
)
from layers.errors import RefusedError
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.style import Fill, Marker, Stroke
from layers.style_data import style_data, style_of
from layers.table import Table

KIND = standard_kinds()["building"]


def layer(**columns):
    count = len(next(iter(columns.values())))
    features = [
        Feature(
            f"{i:032x}", shapely.box(i, 0, i + 1, 1), {name: values[i] for name, values in columns.items()}
        )
        for i in range(count)
    ]
    return Layer.of(KIND, Table.from_features(features, [f.name for f in KIND.fields]))


def test_every_value_of_a_code_list_gets_a_colour_of_its_own():
    style = by_category(layer(use=["housing", "shop", None]), KIND.field("use"), ramp("vivid"))
    assert mode_of(style) == "category"
    assert field_of(style) == "use"
    assert [r.title.zh for r in style.rules] == ["住宅", "商铺", "幼儿园", "办公", "配套用房", "其他"]
    assert len({color_of(r.symbol) for r in style.rules}) == 6


def test_free_values_stand_by_how_often_they_occur():
    style = by_category(layer(name=["10号", "2号", "乙", "乙", ""]), KIND.field("name"), ramp("muted"))
    assert [r.title.zh for r in style.rules] == ["乙", "2号", "10号", "其他"]


def test_of_too_many_values_the_commonest_have_a_symbol_and_none_is_refused():
    names = [str(i) for i in range(300)] + ["299"] * 3
    style = by_category(layer(name=names), KIND.field("name"), ramp("muted"))
    assert len(style.rules) == MOST_CATEGORIES + 1
    assert style.rules[0].title.zh == "299"
    with pytest.raises(RefusedError):
        by_category(layer(name=[None]), KIND.field("name"), ramp("muted"))


@pytest.mark.parametrize("colors", [r for r in RAMPS if r.use == "kinds"], ids=lambda r: r.id)
def test_as_many_values_as_a_style_holds_have_colours_of_their_own(colors):
    names = [str(i) for i in range(MOST_CATEGORIES)]
    style = style_of(style_data(by_category(layer(name=names), KIND.field("name"), colors)))
    assert len({color_of(rule.symbol) for rule in style.rules}) == MOST_CATEGORIES + 1


@pytest.mark.parametrize("field", ["floors", "households"])
@pytest.mark.parametrize("method", ["quantiles", "natural"])
def test_numbers_fewer_than_classes_are_a_class_each(method, field):
    values = [1, 2, 2, 5, 5, 6, 6, None]
    style = by_class(layer(**{field: values}), KIND.field(field), method, 5, ramp("teal"))
    found = matches_of(layer(**{field: values}).table, style).rule
    assert len({int(rule) for rule in found[:-1]}) == 4


@pytest.mark.parametrize("method", ["quantiles", "equal", "natural", "pretty"])
def test_every_number_is_in_exactly_one_class(method):
    floors = [int(n) for n in np.random.default_rng(7).gamma(2, 6, 200)] + [None]
    table_layer = layer(floors=floors)
    style = by_class(table_layer, KIND.field("floors"), method, 5, ramp("teal"))
    assert mode_of(style) == "class"
    rule = matches_of(table_layer.table, style).rule
    assert rule[-1] == len(style.rules) - 1
    assert (rule[:-1] < len(style.rules) - 1).all()
    counts = np.bincount(rule[:-1], minlength=len(style.rules) - 1)
    assert counts.sum() == 200


def test_classes_of_whole_numbers_are_named_by_whole_numbers():
    style = by_class(layer(floors=[1, 1, 2, 3, 6, 6, 11]), KIND.field("floors"), "natural", 5, ramp("teal"))
    assert [r.title.en for r in style.rules] == ["1", "2", "3", "4 – 9", "10 – 11", "No data"]


def test_quantiles_hold_about_equally_many():
    edges = breaks(np.arange(100.0), "quantiles", 4)
    assert np.histogram(np.arange(100.0), edges)[0].tolist() == [25, 25, 25, 25]


def test_equal_steps_are_equal():
    assert np.allclose(np.diff(breaks(np.arange(101.0), "equal", 4)), 25, atol=1)


def test_natural_breaks_lie_in_the_gaps():
    values = np.array([1, 2, 3, 50, 51, 52, 200, 201, 202.0])
    edges = breaks(values, "natural", 3)
    assert np.histogram(values, edges)[0].tolist() == [3, 3, 3]


def test_few_values_give_few_classes_and_one_is_refused():
    assert len(breaks(np.array([3.0, 5.0, 5.0]), "natural", 7)) == 3
    with pytest.raises(RefusedError):
        breaks(np.array([4.0, 4.0]), "equal", 5)


def test_standard_styles_tell_how_they_are_made():
    modes = {name: mode_of(kind.style) for name, kind in standard_kinds().items()}
    assert modes["building"] == "category"
    assert "single" in modes.values()


def test_one_symbol_for_all_keeps_states_and_labels():
    style = single(layer(use=["shop"]))
    assert mode_of(style) == "single"
    assert style.overlays == KIND.style.overlays
    assert style.labels == KIND.style.labels


def test_a_new_colour_goes_where_it_tells_something():
    assert recolored((Stroke("#111111"), Stroke("#222222")), "#AA0000")[1].color == "#AA0000"
    assert recolored((Marker("tree", fill=""),), "#AA0000")[0].line == "#AA0000"
    assert color_of(recolored((Fill("#111111"), Stroke("#222222")), "#AA0000")) == "#AA0000"


@pytest.mark.parametrize("chosen", RAMPS, ids=lambda r: r.id)
def test_colours_of_a_ramp_are_all_different(chosen):
    for count in (2, 5, 8):
        assert len(set(chosen.take(count))) == count


def _seen(color):
    """Lightness and the blue-yellow axis: what is left to see without red or green cones."""
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return np.array([0.3 * r + 0.59 * g + 0.11 * b, 0.5 * (b - (r + g) / 2)])


@pytest.mark.parametrize("chosen", [r for r in RAMPS if r.use == "steps"], ids=lambda r: r.id)
def test_ramps_of_steps_grow_darker_all_the_way(chosen):
    light = [_seen(color)[0] for color in chosen.take(7)]
    assert all(a > b + 0.03 for a, b in pairwise(light))
