import random
import zlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.publish.content import PageContent, PublicField, PublicLayer, PublicRevision, Shape
from gis.publish.page.columns import coded, template_parts
from gis.publish.page.payload import encode
from gis.publish.page.symbols import _label
from layers.style import Fill, Label, Rule, Style
from layers.text import same
from tests.gis.publish.decoding import layers_of
from tests.gis.publish.plans import box, content, redacted, snapshot

STYLE = Style((Rule(same("R"), (Fill("#FFFFFF"),)),))
places = st.tuples(st.integers(-(10**7), 10**7), st.integers(-(10**7), 10**7))
words = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**40), 2**40), st.floats(-1e6, 1e6), st.text(max_size=12)
)


@st.composite
def shapes(draw):
    kind = draw(st.sampled_from([0, 1, 2, 3]))
    if kind == 0:
        return Shape(0, (), (), np.empty((0, 2), dtype=np.int64))
    rings = [draw(st.integers(1, 3)) if kind == 3 else 1 for _ in range(draw(st.integers(1, 3)))]
    counts = [1 if kind == 1 else draw(st.integers(2, 6)) for _ in range(sum(rings))]
    xy = np.array([draw(places) for _ in range(sum(counts))], dtype=np.int64)
    return Shape(kind, tuple(rings), tuple(counts), xy)


@st.composite
def pages(draw):
    revisions = draw(st.integers(1, 4))
    layers = []
    for number in range(draw(st.integers(1, 3))):
        rows = draw(st.lists(st.tuples(shapes(), words, words), max_size=6))
        first = [draw(st.integers(0, revisions - 1)) for _ in rows]
        layers.append(
            PublicLayer(
                f"l{number}",
                same(draw(st.text(max_size=5))),
                same("g"),
                "green",
                (PublicField("a", same("A"), "text"), PublicField("b", same("B"), "text")),
                STYLE,
                "{a}",
                None,
                True,
                1.0,
                tuple(r[0] for r in rows),
                {"a": tuple(r[1] for r in rows), "b": tuple(r[2] for r in rows)},
                tuple(first),
                tuple(draw(st.integers(f, revisions - 1)) for f in first),
                tuple(range(len(rows))),
            )
        )
    named = tuple(PublicRevision(f"R{i}", draw(st.text(max_size=4)), "", "") for i in range(revisions))
    return PageContent(draw(st.text(max_size=9)), named, tuple(layers), (0, 0, 1, 1))


def as_shown(value):
    """Return a value as a reader gets it: empty is missing, and 3.0 reads 3."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return ["是", "yes"] if value else ["否", "no"]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@settings(max_examples=60)
@given(pages())
def test_what_is_encoded_comes_back(page):
    decoded = layers_of(encode(page))
    assert decoded["title"] == page.title
    for layer, back in zip(page.layers, decoded["layers"], strict=True):
        expected = [(s.kind, s.parts, s.counts, tuple(map(tuple, s.xy.tolist()))) for s in layer.shapes]
        assert back["shapes"] == expected
        assert (back["first"], back["last"]) == (list(layer.first), list(layer.last))
        for name, values in layer.columns.items():
            assert back["columns"][name] == [as_shown(v) for v in values]


def test_equal_content_gives_equal_bytes_and_no_time_inside():
    first, again = encode(content()), encode(content())
    assert first == again
    assert first[4:8] == b"\0\0\0\0"


def test_a_flipped_bit_breaks_the_checksum():
    data = bytearray(encode(content()))
    data[len(data) // 2] ^= 4
    with pytest.raises(zlib.error):
        zlib.decompress(bytes(data), wbits=31)


def test_a_value_that_repeats_costs_one_small_code():
    dictionary, codes = coded(["甲", "乙", "甲", None, "", 1, 1.0, True])
    assert dictionary == ["甲", "乙", 1, 1.0, True]
    assert codes.tolist() == [1, 1, 2, 0, 0, 1, 1, 1]


def test_a_template_leaves_out_fields_that_are_not_public():
    assert template_parts("{name} {secret}号 {area_m2}", ["name"]) == [0, " ", "号 ", -1]
    assert template_parts("a{b", ["b"]) == ["a"]


def test_versions_of_one_feature_share_its_number():
    page = content()
    building = next(layer for layer in page.layers if layer.role == "footprint")
    assert building.feature == (0, 1, 1, 2)
    assert (building.first, building.last) == ((0, 0, 1, 0), (1, 0, 1, 1))


def test_five_revisions_cost_little_more_than_one():
    dice = random.Random(5)

    def house(number):
        west, south = number % 30 * 6 + dice.random(), number // 30 * 8 + dice.random()
        return f"{number:032x}", box(west, south, west + 5, south + 6), {"number": str(number)}

    features = [house(number) for number in range(900)]
    states = []
    for number in range(5):
        states.append(snapshot(f"R{number + 1}", building=features))
        features = [house(n) if dice.random() < 0.05 else feature for n, feature in enumerate(features)]
    one = len(encode(redacted(states[0]).content))
    five = len(encode(replace(redacted(*states).content, comparisons=())))
    assert five <= 1.35 * one


def test_what_a_label_is_silent_about_travels_by_the_place_of_its_field():
    label = Label("P {b}", hide_when=(("b", 1), ("secret", 2)))
    given = _label(label, ["a", "b"])
    assert given["hide_when"] == [[1, 1]]
