"""Colour ramps for categories and classes, in one place.

Ramps of steps run from little to much in lightness as well as in hue, so that
they stay readable in red-green blindness and in grey print; those of kinds
tell apart what has no order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from layers.text import Text

RampUse = Literal["kinds", "steps", "around"]
_SHADES: Final = 3


@dataclass(frozen=True)
class Ramp:
    """Some colours.

    Parameters
    ----------
    id : str
    title : Text
    use : {"kinds", "steps", "around"}
        For what has no order, for little to much, for below and above a middle.
    colors : tuple of str
        Those of kinds are taken one after the other; others are anchors between which colours are mixed.
    """

    id: str
    title: Text
    use: RampUse
    colors: tuple[str, ...]

    def take(self, count: int) -> tuple[str, ...]:
        """Return so many colours.

        Examples
        --------
        >>> Ramp("x", Text("灰", "Grey"), "steps", ("#000000", "#FFFFFF")).take(3)
        ('#000000', '#808080', '#FFFFFF')
        """
        if self.use == "kinds":
            return tuple(self._again(number) for number in range(count))
        anchors = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in self.colors], dtype=float)
        at = np.linspace(0, len(anchors) - 1, count) if count > 1 else np.array([len(anchors) / 2 - 0.5])
        mixed = np.stack([np.interp(at, np.arange(len(anchors)), anchors[:, i]) for i in range(3)], axis=1)
        return tuple("#" + "".join(f"{int(part + 0.5):02X}" for part in color) for color in mixed)

    def _again(self, number: int) -> str:
        """Return the colour of a place.

        Those of a second round are lighter, of a third darker; further rounds begin with mixtures.
        """
        many = len(self.colors)
        color, turn = _parts(self.colors[number % many]), number // many
        if turn >= _SHADES:
            step = turn // _SHADES - 1
            partner = self.colors[(number + 1 + step % (many - 1)) % many]
            color = _mixed(color, _parts(partner), 0.35 if step < many - 1 else 0.2)
        lightness = ((0.0, 0.0), (0.45, 255.0), (0.3, 0.0))[turn % _SHADES]
        color = _mixed(color, (lightness[1],) * 3, lightness[0])
        return "#" + "".join(f"{int(part + 0.5):02X}" for part in color)


def _parts(color: str) -> tuple[float, ...]:
    return tuple(float(int(color[i : i + 2], 16)) for i in (1, 3, 5))


def _mixed(color: tuple[float, ...], other: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(a + (b - a) * share for a, b in zip(color, other, strict=True))


RAMPS: Final = (
    Ramp("drafting", Text("图纸淡彩", "Drafting tints"), "kinds", (
        "#DAD5CD", "#E8D9B5", "#CFE3EE", "#DDE8CF", "#E9DCD3", "#DAD3E4", "#F2D6C6", "#D3E3DC")),
    Ramp("land-use", Text("用地配色", "Land use"), "kinds", (
        "#FFF0A8", "#E58A86", "#F2B7C4", "#A9D18E", "#C9C9C9", "#9DC3E6", "#C8A27C", "#C7B5DC")),
    Ramp("vivid", Text("分明（色盲可辨）", "Distinct (colour-blind safe)"), "kinds", (
        "#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#7A7A7A")),
    Ramp("muted", Text("沉稳（色盲可辨）", "Muted (colour-blind safe)"), "kinds", (
        "#332288", "#88CCEE", "#44AA99", "#117733", "#DDCC77", "#CC6677", "#882255", "#999933")),
    Ramp("teal", Text("青蓝", "Teal to blue"), "steps", (
        "#F7FCF0", "#CCEBC5", "#7BCCC4", "#2B8CBE", "#084081")),
    Ramp("amber", Text("琥珀", "Amber"), "steps", ("#FFF7E6", "#FDD49E", "#FC8D59", "#D7301F", "#7F0000")),
    Ramp("blue", Text("蓝", "Blues"), "steps", ("#F3F7FB", "#C6DBEF", "#6BAED6", "#2171B5", "#08306B")),
    Ramp("green", Text("绿", "Greens"), "steps", ("#F4FAF1", "#C7E9C0", "#74C476", "#238B45", "#00441B")),
    Ramp("grey", Text("灰（黑白打印）", "Greys (for black and white)"), "steps", (
        "#F2F2F2", "#BDBDBD", "#737373", "#252525")),
    Ramp("viridis", Text("黄绿紫", "Viridis"), "steps", (
        "#FDE725", "#5EC962", "#21918C", "#3B528B", "#440154")),
    Ramp("blue-red", Text("蓝—白—红", "Blue, white, red"), "around", (
        "#2166AC", "#92C5DE", "#F7F7F7", "#F4A582", "#B2182B")),
    Ramp("teal-brown", Text("青—白—褐", "Teal, white, brown"), "around", (
        "#01665E", "#80CDC1", "#F5F5F5", "#DFC27D", "#8C510A")),
)  # fmt: skip


def ramp(name: str) -> Ramp:
    """Return a ramp by its id; raises `KeyError` if there is none."""
    return {known.id: known for known in RAMPS}[name]
