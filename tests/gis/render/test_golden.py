"""Every sort of symbol as a picture, kept: what changes how a map looks must be meant.

No words are drawn, so that no font matters. Pictures may differ a little (a
rasteriser's edges), never much. To make them anew after a wanted change, run
with the variable ``PLANBOARD_GOLDEN`` set to ``write`` and look at them.
"""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import shapely
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage, QPainter

from gis.render.paint import paint_layer
from gis.render.prepare import prepare_layer
from gis.render.scene import blank_image
from gis.render.viewport import Viewport
from layers.feature import Feature
from layers.kinds import standard_kinds
from layers.layer import Layer
from layers.style import (
    Arrows,
    Crosses,
    Fill,
    Hatch,
    HatchPattern,
    Marker,
    MarkerShape,
    Rule,
    Stroke,
    Style,
)
from layers.table import Table
from layers.text import same

FOLDER = Path(__file__).with_name("golden")
KIND = standard_kinds()["building"]
SHAPES = (
    shapely.Polygon([(4, 4), (24, 4), (24, 16), (15, 16), (15, 24), (4, 24)]),
    shapely.Polygon([(30, 4), (52, 4), (52, 24), (30, 24)], [[(36, 9), (46, 9), (46, 19), (36, 19)]]),
    shapely.LineString([(4, 30), (20, 36), (36, 29), (52, 36)]),
    shapely.Point(10, 46),
    shapely.Point(28, 46),
    shapely.Point(46, 46),
)
MEAN_ALLOWED, SHARE_ALLOWED = 0.05, 0.001
"""Mean difference of a channel, of 255, and share of pixels that may differ by more than 64."""

SYMBOLS = {
    "fill": (Fill("#DAD5CD"), Stroke("#6B645C", 0.25)),
    "fill_shadow": (Fill("#DAD5CD", shadow=True), Stroke("#6B645C", 0.25)),
    "fill_faint": (Fill("#0072B2", 0.18), Stroke("#0072B2", 0.5)),
    "line_thin": (Stroke("#3A3A3A", 0.13),),
    "line_wide": (Stroke("#3A3A3A", 1.0),),
    "line_casing": (Stroke("#C4BFB6", 2.4), Stroke("#FFFFFF", 2.0)),
    "line_true_width": (Stroke("#8A5A44", width_m=3.0),),
    "line_dashed": (Stroke("#8A5A44", 0.35, dash=(2.0, 1.0)),),
    "line_boundary": (Stroke("#C8102E", 0.7, dash=(6.0, 0.9, 0.6, 0.9, 0.6, 0.9)),),
    "line_faint": (Stroke("#2E6E8E", 1.2, opacity=0.4),),
    "arrows": (Stroke("#2E6E8E", 0.35), Arrows("#2E6E8E", spacing_mm=4.0)),
    "chevrons": (Stroke("#E69F00", 1.6, opacity=0.4), Arrows("#000000", 1.4, 4.0, chevron=True)),
    "crosses": (Stroke("#3A3A3A", 0.35), Crosses("#3A3A3A")),
    **{
        f"hatch_{p}": (Hatch(p, "#0072B2", 2.0, 0.25), Stroke("#0072B2", 0.3)) for p in get_args(HatchPattern)
    },
    "hatch_steep": (Hatch("diagonal", "#B3261E", 1.2, 0.18, 120.0),),
    **{
        f"marker_{s}": (Marker(s, 3.0, fill="#E69F00", line="#3A3A3A", casing="#FFFFFF"),)
        for s in get_args(MarkerShape)
    },
    "marker_hollow_tick": (Marker("drop", 4.0, fill="", line="#0B5FA5", line_mm=0.4, tick=True),),
    "marker_on_all": (Marker("circle", 2.0, fill="#7FA069", on_all=True),),
}


def states_of(kind, name):
    """Return the symbols of what exists and of the four other states, as a kind draws them."""
    existing = kind.style.rules[-1].symbol
    other = {rule.title.en.split()[-1].lower(): rule.symbol for rule in kind.style.overlays}
    return {f"{name}_{state}": symbol for state, symbol in {"existing": existing, **other}.items()}


STATES = {**states_of(KIND, "state"), **states_of(standard_kinds()["pipe"], "pipe")}


def drawn(symbol, ratio=2.0, turn=0.0):
    """Draw a symbol on areas, a line and points, on white."""
    features = [Feature(f"{i:032x}", shape, {}) for i, shape in enumerate(SHAPES)]
    table = Table.from_features(features, [f.name for f in KIND.fields])
    layer = replace(Layer.of(KIND, table), style=Style((Rule(same("x"), symbol),)))
    view = Viewport(28.0, 27.0, 0.4 / ratio, round(150 * ratio), round(140 * ratio), 3.8 * ratio, turn)
    image = blank_image(view)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    paint_layer(painter, prepare_layer(layer, view))
    painter.end()
    return image.convertToFormat(QImage.Format.Format_RGB32)


def pixels(image):
    memory = image.constBits()
    memory.setsize(image.sizeInBytes())
    return np.frombuffer(memory, np.uint8).reshape(image.height(), image.width(), 4)[..., :3].astype(int)


@pytest.mark.parametrize("name", [*SYMBOLS, *STATES])
def test_a_symbol_looks_as_it_did(name, tmp_path):
    symbol = {**SYMBOLS, **STATES}[name]
    image, path = drawn(symbol), FOLDER / f"{name}.png"
    if os.environ.get("PLANBOARD_GOLDEN") == "write":
        assert image.save(str(path))
    golden = QImage(str(path))
    assert not golden.isNull(), f"there is no picture {path.name}"
    now, then = pixels(image), pixels(golden.convertToFormat(QImage.Format.Format_RGB32))
    assert now.shape == then.shape
    off = np.abs(now - then)
    if off.mean() > MEAN_ALLOWED or (off.max(axis=2) > 64).mean() > SHARE_ALLOWED:
        image.save(str(tmp_path / f"{name}.png"))
        pytest.fail(f"{name} looks different: mean {off.mean():.2f}; see {tmp_path}")


def test_a_symbol_that_is_left_out_is_noticed():
    """The tolerance is narrow enough: thinner lines or another pattern do not pass for the same."""
    for first, second in (
        ("line_wide", "line_thin"),
        ("hatch_diagonal", "hatch_cross"),
        ("crosses", "line_thin"),
    ):
        off = np.abs(pixels(drawn(SYMBOLS[first])) - pixels(drawn(SYMBOLS[second])))
        assert off.mean() > MEAN_ALLOWED or (off.max(axis=2) > 64).mean() > SHARE_ALLOWED


def test_each_of_the_five_plan_states_has_a_picture_of_its_own():
    codes = [choice.code for choice in KIND.field("state").domain]
    for kind in ("state", "pipe"):
        assert sum(name.startswith(kind + "_") for name in STATES) == len(codes) == 5


def test_no_kept_picture_passes_for_another():
    """Every picture can fail: it differs from each other one by more than what is allowed."""
    symbols = {**SYMBOLS, **STATES}
    kept = {name: pixels(QImage(str(FOLDER / f"{name}.png"))) for name in symbols}
    for first, second in itertools.combinations(kept, 2):
        if symbols[first] == symbols[second]:
            continue
        off = np.abs(kept[first] - kept[second])
        same_look = off.mean() <= MEAN_ALLOWED and (off.max(axis=2) > 64).mean() <= SHARE_ALLOWED
        assert not same_look, f"{first} would pass for {second}"


@pytest.mark.parametrize("name", ["fill", "line_boundary", "hatch_diagonal", "marker_drop", "crosses"])
def test_a_sharp_screen_shows_the_same_symbol_with_more_pixels(name):
    """At twice the pixels everything is twice as large: nothing is one device pixel by mistake."""
    plain, sharp = (pixels(drawn(SYMBOLS[name], ratio)) for ratio in (1.0, 2.0))
    averaged = sharp.reshape(140, 2, 150, 2, 3).mean(axis=(1, 3))
    assert np.abs(averaged - plain).mean() < 4.0
