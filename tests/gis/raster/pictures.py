"""Tiny pictures made for a test."""

import warnings

import numpy as np

WEST, NORTH = 616600.0, 4078040.0
"""Upper left corner of the pictures, EPSG:4548."""


def write(path, values, *, crs="EPSG:4548", step=1.0, place=True, colormap=None, **profile):
    """Write an array of shape (bands, rows, columns), north up."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.transform import from_origin

    bands, rows, columns = values.shape
    where = {"transform": from_origin(WEST, NORTH, step, step)} if place else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", **{"driver": "GTiff", "width": columns, "height": rows, "count": bands,
                          "dtype": values.dtype, "crs": crs, **where, **profile}
        ) as data:  # fmt: skip
            data.write(values)
            if colormap:
                data.write_colormap(1, colormap)
    return path


def quarters(size=40):
    """Return red, green, blue and white quarters: upper left, upper right, lower left, lower right."""
    values = np.zeros((3, size, size), dtype=np.uint8)
    half = size // 2
    values[0, :half, :half] = 255
    values[1, :half, half:] = 255
    values[2, half:, :half] = 255
    values[:, half:, half:] = 255
    return values
