"""From the values of a picture to red, green, blue and how opaque."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from gis.raster.opening import Raster

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

Pixels: TypeAlias = NDArray[np.uint8]
"""Shape (rows, columns, 4): red, green, blue, opacity; not premultiplied."""

_SAMPLE_PX: Final = 256
_DARKEST, _LIGHTEST = 2.0, 98.0
"""Percent of the values that are shown black and white."""


class Scale(NamedTuple):
    """How values become colours: a table of a palette, or what is black and what is white."""

    table: Pixels | None
    low: float
    high: float


def colour_scale(data: DatasetReader, raster: Raster) -> Scale:
    """Return how the values of an open picture become colours.

    Numbers that are no colours (heights, 16-bit pictures) are stretched
    between the 2nd and 98th percentile of a coarse sample.
    """
    if raster.look == "palette":
        return Scale(_table(data, raster.bands[0]), 0.0, 255.0)
    if raster.look == "bits":
        return Scale(None, 0.0, 1.0)
    if raster.dtype == "uint8":
        return Scale(None, 0.0, 255.0)
    shape = (len(raster.bands), min(_SAMPLE_PX, raster.height), min(_SAMPLE_PX, raster.width))
    sample = data.read(raster.bands, out_shape=shape, masked=True)
    values = real_part(sample.compressed())
    values = values[np.isfinite(values)]
    if not len(values):
        return Scale(None, 0.0, 1.0)
    low, high = (float(v) for v in np.percentile(values, (_DARKEST, _LIGHTEST)))
    return Scale(None, low, high if high > low else low + 1.0)


def real_part(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return values as plain numbers; of complex ones (radar pictures) their real part."""
    with np.errstate(invalid="ignore", over="ignore"):  # what is no number comes out as none
        plain: NDArray[np.float64] = (values.real if np.iscomplexobj(values) else values).astype(np.float64)
    return plain


def coloured(values: NDArray[Any], opacity: NDArray[Any] | None, raster: Raster, scale: Scale) -> Pixels:
    """Return the pixels of some values.

    Parameters
    ----------
    values : array, shape (bands, rows, columns)
    opacity : array of uint8, shape (rows, columns), optional
        All opaque if not given.
    """
    values = real_part(values) if np.iscomplexobj(values) else values
    _, rows, columns = values.shape
    pixels = np.empty((rows, columns, 4), dtype=np.uint8)
    pixels[..., 3] = 255 if opacity is None else opacity
    if scale.table is not None:
        found = scale.table[values[0].astype(np.uint8)]
        pixels[..., :3] = found[..., :3]
        pixels[..., 3] = np.minimum(pixels[..., 3], found[..., 3])
        return pixels
    stretched = _stretched(values, scale)
    if raster.look == "cmyk":
        ink = 255 - stretched.astype(np.uint16)
        for at in range(3):
            pixels[..., at] = (ink[at] * ink[3] // 255).astype(np.uint8)
        return pixels
    for at in range(3):
        pixels[..., at] = stretched[at if len(stretched) > 1 else 0]
    if values.dtype.kind == "f":
        pixels[..., 3] = np.where(np.isfinite(values).all(axis=0), pixels[..., 3], 0)
    return pixels


def _stretched(values: NDArray[Any], scale: Scale) -> NDArray[np.uint8]:
    if values.dtype == np.uint8 and (scale.low, scale.high) == (0.0, 255.0):
        same: NDArray[np.uint8] = values
        return same
    with np.errstate(invalid="ignore", over="ignore"):
        share = (values.astype(np.float32) - scale.low) * (255.0 / (scale.high - scale.low))
        whole: NDArray[np.uint8] = np.nan_to_num(np.clip(share, 0.0, 255.0)).astype(np.uint8)
        return whole


def _table(data: DatasetReader, band: int) -> Pixels:
    table = np.zeros((256, 4), dtype=np.uint8)
    table[:, 3] = 255
    for value, colour in data.colormap(band).items():
        if 0 <= value < 256:
            table[value] = colour
    return table
