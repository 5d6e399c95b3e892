"""What of a plan an export takes: layers, what is shown, without some fields, in which coordinate system."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.extract import Extract


def extract_arguments(parser: argparse.ArgumentParser) -> None:
    """Add ``--layer``, ``--shown``, ``--leave-out`` and ``--crs``."""
    parser.add_argument(
        "--layer",
        action="append",
        metavar=tr("图层", "KIND"),
        help=tr("只导出此图层，可多次使用", "only this layer; may be repeated"),
    )
    parser.add_argument(
        "--shown",
        action="store_true",
        help=tr("只导出显示的图层和对象", "only the layers and features that are shown"),
    )
    parser.add_argument(
        "--leave-out",
        action="append",
        metavar=tr("图层.字段", "KIND.FIELD"),
        help=tr("不导出这个字段，可多次使用", "leave out this field; may be repeated"),
    )
    parser.add_argument(
        "--crs",
        metavar="EPSG:4490",
        help=tr(
            "换成这个坐标系；GeoJSON、CSV、Excel 也可用 GCJ-02、BD-09",
            "in this CRS; GeoJSON, CSV and Excel may also be in GCJ-02 or BD-09",
        ),
    )


def extract_of(args: argparse.Namespace) -> Extract:
    """Return what was asked for.

    Raises
    ------
    UsageError
        If a field is not written as layer.field.
    """
    from gis.exchange.extract import Extract

    without: dict[str, set[str]] = {}
    for named in args.leave_out or ():
        layer, dot, field = named.partition(".")
        if not dot or not field:
            words = Text("字段要写成“图层.字段”：{n}", "Write a field as layer.field: {n}")
            raise UsageError(words.format(n=named), code="usage.field")
        without.setdefault(layer, set()).add(field)
    layers = tuple(args.layer) if args.layer else None
    return Extract(layers, shown=args.shown, without=without, crs=args.crs)
