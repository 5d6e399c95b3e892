"""A layer in the user's own style: drawn so on the page, and nothing private in its words."""

from __future__ import annotations

import pytest

from gis.edit.looks import put_in_group, set_style
from gis.publish.page.symbols import looks, style_data
from layers.condition import Compare, Constant, FieldValue
from layers.style import Fill, Label, Rule, Stroke, Style
from layers.text import Text, same
from tests.gis.publish.plans import redacted, snapshot

PHONE = "13805331234"


def published(style, *, group=None):
    state = snapshot()
    state = state.apply(set_style(state, "building", style))
    if group:
        state = state.apply(put_in_group(state, ["building"], group))
    found = redacted(state)
    (layer,) = (layer for layer in found.content.layers if layer.id == "building")
    return layer, found


def ruled(name, title="高层"):
    high = Compare(FieldValue(name), ">", Constant(0))
    return Style(
        (
            Rule(same(title), (Fill("#AA0000"), Stroke("#000000", width_m=0.5)), {}, high),
            Rule(Text("其他", "Other"), (Fill("#00AA00"),)),
        ),
        labels=(Label(f"{{number}} {title}"),),
    )


def test_a_rule_by_condition_draws_on_the_page_what_it_draws_on_the_map():
    layer, _ = published(ruled("floors"))
    known, which = looks(layer)
    drawn = {known[w][0] for w, floors in zip(which, layer.columns["floors"], strict=True) if floors}
    assert drawn == {0}


def test_a_rule_over_a_private_field_matches_nothing_on_the_page():
    layer, _ = published(ruled("note"))
    known, _ = looks(layer)
    assert {look[0] for look in known} == {1}


def test_a_true_width_comes_to_the_page():
    layer, _ = published(ruled("floors"))
    assert style_data(layer.style, [])["rules"][0]["parts"][1]["width_m"] == 0.5


@pytest.mark.parametrize("where", ["title", "group"])
def test_a_telephone_number_in_a_legend_or_group_is_masked_and_told(where):
    words = f"张三 {PHONE}"
    layer, found = published(
        ruled("floors", words if where == "title" else "高层"), group=words if where == "group" else None
    )
    said = repr((layer.style, layer.group))
    assert PHONE not in said
    assert any("隐去" in finding.message.zh for finding in found.removed)
