"""``render P -o OUT.png``: just the map."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING

from gis.cli.console import Console
from gis.cli.findings import finding_lines
from gis.cli.opening import check_out, named, opened, revision_argument, state_of, theme_argument, themed
from gis.cli.parser import out_argument, positive, project_argument, size
from gis.cli.report import Report, finding_data, pairs
from gis.i18n import language, tr
from layers.errors import NotFoundError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project
    from gis.render.viewport import Viewport
    from gis.revisions.comparison import Comparison
    from layers.snapshot import Snapshot

DESCRIPTION = Text(
    "只把地图存成图片，不带图框；.tif 为 GeoTIFF，其他可带坐标文件。",
    "Save just the map as an image, without a frame; .tif is a GeoTIFF, others may have a world file.",
)
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff")
_SIZE = (1600, 1000)
_DPI = 150
_MARGIN = 0.03
_FARTHEST_M = 1e8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    revision_argument(parser)
    theme_argument(parser)
    parser.add_argument(
        "--compare", metavar="R0", help=tr("标出与此版次的差别", "mark what differs from this revision")
    )
    parser.add_argument(
        "--bbox",
        type=_bbox,
        metavar=tr("西,南,东,北", "W,S,E,N"),
        help=tr("范围（米），默认全部", "extent in metres, everything by default"),
    )
    parser.add_argument(
        "--size",
        type=size,
        metavar="1600x1000",
        help=tr("像素，默认 1600x1000", "pixels, default 1600x1000"),
    )
    parser.add_argument(
        "--scale",
        type=positive,
        metavar="500",
        help=tr("按比例 1:500 出图，代替 --size", "draw at 1:500, in place of --size"),
    )
    parser.add_argument(
        "--dpi",
        type=positive,
        help=tr("与 --scale 同用的分辨率，默认 150", "dots an inch with --scale, default 150"),
    )
    parser.add_argument(
        "--world-file",
        action="store_true",
        help=tr("旁边写坐标文件和 .prj（GeoTIFF 自带）", "write a world file and .prj beside it"),
    )
    parser.add_argument(
        "--background",
        action="store_true",
        help=tr("带上项目中可见的底图", "with the project's visible backgrounds"),
    )
    out_argument(parser, Text("图片文件 .png .jpg .tif（GeoTIFF）", "the image: .png .jpg .tif (GeoTIFF)"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Render it."""
    check_out(args.out, args.project, _ENDINGS)
    if args.scale and args.size:
        words = Text("--scale 与 --size 只能用一个。", "Use either --scale or --size.")
        raise UsageError(words, code="usage.scale")
    if args.dpi and not args.scale:
        raise UsageError(Text("--dpi 须与 --scale 同用。", "--dpi needs --scale."), code="usage.dpi")
    with opened(args.project, read_only=True) as project:
        snapshot = themed(state_of(project, args.revision), args.theme)
        comparison = _comparison(project, args)
    from gis.render.application import ensure_application
    from gis.render.map_export import write_map

    ensure_application()
    viewport = _viewport(args, snapshot)
    made = write_map(
        snapshot,
        viewport,
        args.out,
        project=args.project if args.background else None,
        comparison=comparison,
        language=language(),
        world_file=args.world_file,
        progress=console.progress(),
    )
    pixels = (viewport.width_px, viewport.height_px)
    data = {
        "path": str(args.out),
        "files": [str(path) for path in made.files],
        "size": list(pixels),
        "extent": list(viewport.extent),
        "findings": [finding_data(f) for f in made.findings],
    }
    lines = pairs(
        (tr("已保存", "Saved"), ", ".join(str(path) for path in made.files)),
        (tr("大小", "Size"), f"{pixels[0]} × {pixels[1]}"),
        (tr("比例", "Scale"), f"1:{viewport.scale_denominator:,.0f}"),
    )
    return Report(data, [*lines, *finding_lines(made.findings)])


def _viewport(args: argparse.Namespace, snapshot: Snapshot) -> Viewport:
    from gis.render.map_export import map_viewport
    from gis.render.viewport import Viewport

    extent = args.bbox or snapshot.extent("boundary", "footprint") or snapshot.extent()
    if extent is None:
        words = Text("项目中没有可画的对象。", "There is nothing to draw in this project.")
        raise NotFoundError(words, code="render.empty")
    if args.scale:
        return map_viewport(extent, args.scale, args.dpi or _DPI)
    width, height = args.size or _SIZE
    return Viewport.fitted(extent, width, height, 0.0 if args.bbox else _MARGIN)


def _comparison(project: Project, args: argparse.Namespace) -> Comparison | None:
    if not args.compare:
        return None
    from gis.revisions.chapters import compare_states

    return compare_states(project, named(project, args.compare), named(project, args.revision))


def _bbox(word: str) -> tuple[float, float, float, float]:
    numbers = [float(n) for n in re.split(r"[,;\s]+", word.strip())]
    sound = all(abs(n) <= _FARTHEST_M for n in numbers)  # no number is not within anything
    if not sound or len(numbers) != 4 or numbers[0] >= numbers[2] or numbers[1] >= numbers[3]:
        raise UsageError(
            Text(
                "范围应写作 西,南,东,北，而不是“{word}”。", "Write the extent as W,S,E,N, not “{word}”."
            ).format(word=word),
            code="usage.bbox",
        )
    return numbers[0], numbers[1], numbers[2], numbers[3]
