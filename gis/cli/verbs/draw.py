"""``draw P --revision R --sheet A0 --scale 500 -o OUT.pdf``: the notice-board sheet."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gis.cli.console import Console
from gis.cli.findings import finding_lines
from gis.cli.opening import check_out, compared_state, opened, revision_argument, shown_state, theme_argument
from gis.cli.parser import out_argument, positive, project_argument
from gis.cli.report import Report, finding_data, pairs
from gis.i18n import language, tr
from layers.text import Text

if TYPE_CHECKING:
    from gis.drawing.draw import DrawResult

DESCRIPTION = Text(
    "把版次出成公示图，按真实比例，带图框、图签、图例、比例尺、指北针、修改编号和版次表。",
    "Draw a revision as a notice-board sheet, true to scale, with frame, title block, legend, scale bar, "
    "north arrow, numbered changes and revision table.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    revision_argument(parser)
    theme_argument(parser)
    parser.add_argument(
        "--compare",
        metavar="R0",
        help=tr(
            "与哪个版次比较，默认上一版；none 表示不对比",
            "which revision to compare with, default the one before; none for no comparison",
        ),
    )
    parser.add_argument(
        "--sheet", default="A0", metavar="A0…A4", help=tr("图幅，默认 A0", "sheet, default A0")
    )
    parser.add_argument(
        "--scale",
        type=positive,
        metavar="500",
        help=tr("比例分母，默认放得下的最大比例", "scale denominator; the largest that fits by default"),
    )
    parser.add_argument("--portrait", action="store_true", help=tr("竖放", "stand the sheet upright"))
    parser.add_argument(
        "--dpi", type=positive, default=150, help=tr("PNG 分辨率，默认 150", "of a PNG, default 150")
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help=tr("带上项目中可见的影像和在线地图", "with the project's visible pictures and maps"),
    )
    out_argument(parser, Text("图纸文件 .pdf .png .svg", "the drawing, .pdf .png .svg"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Draw it."""
    check_out(args.out, args.project, (".pdf", ".png", ".svg"))
    with opened(args.project, console=console) as project:
        from gis.drawing.draw import draw_revision

        state = shown_state(project, args.revision)
        against = compared_state(project, state, args.compare)
        result = draw_revision(
            project,
            args.out,
            revision=state,
            compare=against,
            sheet=args.sheet,
            scale=args.scale,
            language=language(),
            dpi=args.dpi,
            background=args.background,
            theme=args.theme,
            portrait=args.portrait,
            progress=console.progress(),
        )
    return _report(result, state, against)


def _report(result: DrawResult, state: str, against: str | None) -> Report:
    from gis.revisions.posting_table import compared_told as told  # late: drawing is loaded by then

    lines = pairs(
        (tr("已出图", "Drawn"), ", ".join(map(str, result.paths))),
        (tr("版次", "Revision"), tr(told(state))),
        (tr("对比", "Compared with"), tr(told(against))),
        (tr("图幅", "Sheet"), f"{result.sheet}  1:{result.scale}"),
        (tr("页数", "Pages"), str(result.pages)),
        (tr("编号改动", "Numbered changes"), str(result.changes)),
        ("SHA-256", result.sha256),
    )
    lines += finding_lines(result.findings)
    data = {
        "paths": [str(path) for path in result.paths],
        "revision": state,
        "compare": against,
        "sheet": result.sheet,
        "scale": result.scale,
        "pages": result.pages,
        "changes": result.changes,
        "sha256": result.sha256,
        "findings": [finding_data(f) for f in result.findings],
    }
    return Report(data, lines)
