"""A layer in the user's own style: drawn so on the page, and nothing private in its words."""

from __future__ import annotations

import pytest

from gis.edit.looks import put_in_group, set_style
from gis.publish.page.symbols import looks, style_data
from layers.condition import Compare, Constant, FieldValue
from layers.kinds import standard_kinds
from layers.style import Fill, Label, Rule, Stroke, Style
from layers.text import Text, same
from tests.gis.publish.plans import redacted, snapshot

KINDS = standard_kinds()
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
    drawn = {layer.style.rules[look[0]].title.zh for look in known}
    assert drawn == {"其他"}


def test_a_legend_made_from_a_private_field_stays_inside_and_the_review_says_so():
    """By category a rule is called by the value it takes."""
    owner = Rule(same("五单元王家"), (Fill("#AA0000"),), {"note": ("五单元王家",)})
    rest = Rule(Text("其他", "Other"), (Fill("#00AA00"),))
    layer, found = published(Style((owner, rest)))
    assert [rule.title.zh for rule in layer.style.rules] == ["其他"]
    assert "王家" not in repr(found.content)
    (told,) = (f for f in found.removed if f.code == "publish.legend")
    assert told.layer == "building"
    assert "1" in told.message.zh


def test_where_every_rule_asks_for_a_private_field_the_page_draws_the_usual_ones():
    owner = Rule(same("五单元王家"), (Fill("#AA0000"),), {"note": ("五单元王家",)})
    layer, _ = published(Style((owner,)))
    assert layer.style.rules == KINDS["building"].style.rules


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


def test_what_hides_a_label_is_masked_like_its_words():
    layer, found = published(
        Style(ruled("floors").rules, labels=(Label("{name}", hide_when=(("name", PHONE),)),))
    )
    assert PHONE not in repr(layer.style)
    assert "publish.masked" in {f.code for f in found.removed}
