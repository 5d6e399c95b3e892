"""``--control-points FILE.csv``: bringing a local grid onto the ground."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gis.i18n import tr

if TYPE_CHECKING:
    from gis.crs import Bounds
    from gis.crs_candidates import Reading
    from gis.exchange.source import Ground


def ground_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of georeferencing."""
    group = parser.add_argument_group(tr("配准", "georeferencing"))
    group.add_argument(
        "--control-points",
        type=Path,
        metavar=tr("文件.csv", "FILE.csv"),
        help=tr(
            "控制点表：点名,x,y,东坐标,北坐标（至少两点）",
            "control points: name,x,y,east,north; two at least",
        ),
    )
    group.add_argument(
        "--fit",
        choices=("similarity", "affine"),
        default="similarity",
        help=tr(
            "四参数（默认）或仿射（至少四点）", "similarity (the default) or affine, which needs four points"
        ),
    )
    group.add_argument(
        "--swap-axes",
        action="store_true",
        help=tr("先交换文件中的横、纵坐标", "exchange the two axes of the file first"),
    )


def ground_of(args: argparse.Namespace, crs: str, box: Bounds | None) -> Ground | None:
    """Return the fit that the arguments ask for, or None; `box` is that of the numbers in the file.

    Raises
    ------
    BadInputError, CrsError
        If the points cannot be read or do not fit.
    """
    if args.control_points is None:
        return None
    from gis.exchange.control_points import drawing_points, read_control_points
    from gis.exchange.source import Ground
    from gis.georeference import fit_control_points

    given = read_control_points(args.control_points, crs, args.crs)
    points, told = drawing_points(given, box)
    fit = fit_control_points(points, args.fit, swapped=args.swap_axes)
    return Ground(crs, replace(fit, findings=(*told, *fit.findings)), points)


def reading_of(args: argparse.Namespace) -> Reading:
    """Return how the numbers of the file are to be read; with control points the fit sees to that."""
    from gis.crs_candidates import PLAIN, Reading

    if args.control_points is not None:
        return PLAIN
    return Reading(args.swap_axes, {"mm": 0.001, "km": 1000.0}.get(args.units, 1.0))
