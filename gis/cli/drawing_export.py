"""What some formats have when they are exported: a version, an encoding."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.written import Writer


def export_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what a drawing may have: ``--dxf-version``, ``--encoding``, ``--scale``, ``--cad-names``."""
    parser.add_argument(
        "--dxf-version",
        metavar="R2010",
        help=tr(
            "DXF 版本：R2010（UTF-8，默认）、R2000（GBK，旧版 CAD）等",
            "version of a DXF: R2010 (UTF-8, the default), R2000 (GBK, for old CAD) ...",
        ),
    )
    parser.add_argument(
        "--encoding",
        metavar=tr("编码", "ENC"),
        help=tr(
            "DXF 或 Shapefile 的文字编码：utf-8 或 gbk", "text encoding of a DXF or shapefile: utf-8 or gbk"
        ),
    )
    parser.add_argument(
        "--scale",
        type=int,
        metavar="500",
        help=tr(
            "DXF 的出图比例，文字、符号和线型按它定大小（默认 1:500）",
            "plot scale of a DXF, for the size of texts, symbols and dashes (default 1:500)",
        ),
    )
    parser.add_argument(
        "--cad-names",
        choices=("titles", "cass"),
        help=tr(
            "DXF 图层名：titles（项目图层名，默认）或 cass（南方CASS 代码）",
            "layer names of a DXF: titles (as in the plan, the default) or cass (codes of CASS)",
        ),
    )


def chosen_writer(args: argparse.Namespace) -> Writer | None:
    """Return the writer of a drawing with the options given, or None for any other format.

    Raises
    ------
    UsageError
        If the options fit no drawing that CAD reads, or the output is no drawing.
    """
    only_text = args.encoding and not (args.dxf_version or args.scale or args.cad_names)
    if args.out.suffix.lower() == ".shp" and only_text:
        from gis.exchange.gdal_writing import shapefile_writer

        return shapefile_writer(args.encoding)
    if args.out.suffix.lower() != ".dxf":
        if args.dxf_version or args.encoding or args.scale or args.cad_names:
            raise UsageError(
                Text(
                    "--dxf-version、--scale、--cad-names 只用于 .dxf，--encoding 只用于 .dxf 和 .shp。",
                    "--dxf-version, --scale and --cad-names are for .dxf only, --encoding for .dxf and .shp.",
                ),
                code="usage.dxf",
            )
        return None
    from gis.exchange.dxf.writing import DxfOptions, dxf_writer

    by_encoding = "R2000" if (args.encoding or "").lower() in ("gbk", "gb2312", "gb18030") else "R2010"
    options = DxfOptions(args.dxf_version or by_encoding, args.encoding, args.scale or DxfOptions.scale)
    return dxf_writer(replace(options, names=args.cad_names or DxfOptions.names))
