"""Dimensions as CAD has them: one style, and for each a block that shows it as the plan does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np

from gis.exchange.dxf.lettering import Lettering
from gis.exchange.dxf.measures import ALIGNED, Measure
from gis.exchange.dxf.pieces import BY_BLOCK

STYLE: Final = "PLANBOARD"
_TEXT_MM, _TICK_MM, _GAP_MM = 2.2, 0.7, 0.8
_MEASURED: Final = "<>"
_HIDDEN: Final = " "
_OWN_BLOCK, _OWN_PLACE = 32, 128
_MIDDLE: Final = 5
_INHERITED: Final = {"layer": "0", "color": BY_BLOCK, "lineweight": -2, "linetype": "ByBlock"}


class CadDimensions:
    """The dimensions of a document in the making.

    Parameters
    ----------
    document : ezdxf.document.Drawing
    metres_per_mm : float
        Of paper.
    text_style : str
    """

    def __init__(self, document: Any, metres_per_mm: float, text_style: str) -> None:
        self.document, self.metres_per_mm, self.text_style = document, metres_per_mm, text_style
        self._is_styled = False

    def add(
        self,
        measure: Measure,
        lettering: Lettering | None,
        pen: Mapping[str, Any],
        text_pen: Mapping[str, Any],
    ) -> Any:
        """Add a dimension to the model space, and return it.

        Parameters
        ----------
        measure : Measure
        lettering : Lettering, optional
            What the plan writes beside it; None if it writes nothing.
        pen, text_pen : mapping
            Layer and colour of the dimension and of its words.
        """
        if not self._is_styled:
            self._make_style()
        block = self.document.blocks.new_anonymous_block(type_char="D")
        self._draw(block, measure)
        if lettering is not None:
            lettering.add_to(block, {**text_pen, "style": self.text_style})
        own = measure.attributes()
        own["dimtype"] += _OWN_BLOCK
        if lettering is not None:
            own["dimtype"] += _OWN_PLACE
            own["text_midpoint"] = (lettering.x, lettering.y)
        return self.document.modelspace().new_entity(
            "DIMENSION",
            {
                **pen, **own, "geometry": block.name, "dimstyle": STYLE, "attachment_point": _MIDDLE,
                "actual_measurement": measure.length_m(), "text": _words(measure, lettering),
            },
        )  # fmt: skip

    def _make_style(self) -> None:
        mm = self.metres_per_mm
        sizes = {"dimtxt": _TEXT_MM * mm, "dimtsz": _TICK_MM * mm, "dimasz": 2.0 * _TICK_MM * mm,
                 "dimgap": _GAP_MM * mm, "dimexe": 0.0, "dimexo": 0.0, "dimdle": 0.0,
                 "dimscale": 1.0}  # fmt: skip
        style = self.document.dimstyles.new(
            STYLE,
            dxfattribs={
                **sizes, "dimtad": 1, "dimtih": 0, "dimtoh": 0, "dimtix": 1, "dimtofl": 1, "dimdec": 2,
                "dimzin": 0, "dimlunit": 2, "dimdsep": ord("."), "dimtxsty": self.text_style,
            },
        )  # fmt: skip
        style.copy_to_header(self.document)
        self._is_styled = True

    def _draw(self, block: Any, measure: Measure) -> None:
        xy = measure.xy
        for start, end in pairwise(xy.tolist()):
            if start != end:
                block.add_line(start, end, dxfattribs=_INHERITED)
        first, last = (xy[-3], xy[-2]) if len(xy) == 4 else (xy[0], xy[-1])
        along = (last - first) / np.hypot(*(last - first))
        tick = _TICK_MM * self.metres_per_mm * (along + np.array([-along[1], along[0]]))
        for end in (first, last) if measure.sort == ALIGNED else (xy[1],):
            block.add_line((end - tick).tolist(), (end + tick).tolist(), dxfattribs=_INHERITED)


def _words(measure: Measure, lettering: Lettering | None) -> str:
    """Return the words with the measured number left to CAD, where they are just that."""
    if lettering is None:
        return _HIDDEN
    number = re.escape(f"{measure.length_m():.2f}")
    return re.sub(rf"(?<![\d.]){number}(?![\d.])", _MEASURED, lettering.text, count=1)
