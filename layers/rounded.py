"""Numbers that are round: written to the millimetre, as surveys and most programs do."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_DECIMALS: Final = (3, 4, 6)
"""Places after the point that are tried: to the millimetre, as many programs write, and as some do."""


def rounded(values: NDArray[np.float64]) -> tuple[NDArray[np.int64], float] | None:
    """Return numbers as whole steps and how many steps make one; None unless they come out bit for bit.

    Parameters
    ----------
    values : array, shape (n, k)

    Returns
    -------
    array, shape (n, k)
    float
        ``steps / scale`` is ``values``, bit for bit.

    Examples
    --------
    >>> steps, scale = rounded(np.array([[0.5, 1.25]]))
    >>> steps.tolist(), scale
    ([[500, 1250]], 1000.0)
    >>> rounded(np.array([[1 / 3]])) is None
    True
    """
    for decimals in _DECIMALS:
        scale = 10.0**decimals
        if _whole(values[:16], scale) is not None and (steps := _whole(values, scale)) is not None:
            return steps, scale
    return None


def _whole(values: NDArray[np.float64], scale: float) -> NDArray[np.int64] | None:
    with np.errstate(over="ignore", invalid="ignore"):
        scaled = np.rint(values * scale)
    if not (np.abs(scaled) < 2.0**52).all():  # nor what is no number at all
        return None
    whole: NDArray[Any] = scaled.astype(np.int64)
    same = (whole / scale).view(np.int64) == np.ascontiguousarray(values).view(np.int64)
    return whole if same.all() else None
