"""``render P -o OUT.png``: just the map."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from gis.cli.console import Console
from gis.cli.opening import check_out, opened, revision_argument, state_of
from gis.cli.parser import out_argument, project_argument, size
from gis.cli.report import Report, pairs
from gis.i18n import language, tr
from layers.errors import NotFoundError, StorageError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project
    from gis.revisions.comparison import Comparison

DESCRIPTION = Text("只把地图存成图片，不带图框。", "Save just the map as an image, without a frame.")
_ENDINGS = (".png", ".jpg", ".jpeg", ".webp", ".bmp")
_MARGIN = 0.03
_FARTHEST_M = 1e8


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    project_argument(parser)
    revision_argument(parser)
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
        default=(1600, 1000),
        metavar="1600x1000",
        help=tr("像素，默认 1600x1000", "pixels, default 1600x1000"),
    )
    out_argument(parser, Text("图片文件", "the image"))


def run(args: argparse.Namespace, console: Console) -> Report:
    """Render it."""
    check_out(args.out, args.project, _ENDINGS)
    with opened(args.project, read_only=True, console=console) as project:
        snapshot = state_of(project, args.revision)
        comparison = _comparison(project, args)
    from gis.render.application import ensure_application
    from gis.render.scene import render_image
    from gis.render.viewport import Viewport

    extent = args.bbox or snapshot.extent("boundary", "footprint") or snapshot.extent()
    if extent is None:
        words = Text("项目中没有可画的对象。", "There is nothing to draw in this project.")
        raise NotFoundError(words, code="render.empty")
    ensure_application()
    viewport = Viewport.fitted(extent, args.size[0], args.size[1], 0.0 if args.bbox else _MARGIN)
    image = render_image(snapshot, viewport, comparison=comparison, language=language())
    beside = args.out.with_name(f".{args.out.stem}-{os.getpid()}{args.out.suffix}")
    if not image.save(str(beside)):
        raise _not_written(args.out, beside)
    os.replace(beside, args.out)
    data = {"path": str(args.out), "size": list(args.size), "extent": list(viewport.extent)}
    lines = pairs(
        (tr("已保存", "Saved"), str(args.out)),
        (tr("大小", "Size"), f"{args.size[0]} × {args.size[1]}"),
        (tr("比例", "Scale"), f"1:{viewport.scale_denominator:,.0f}"),
    )
    return Report(data, lines)


def _comparison(project: Project, args: argparse.Namespace) -> Comparison | None:
    if not args.compare:
        return None
    from gis.revisions.compare import compare
    from layers.revision import WORKING

    label = args.revision or WORKING
    changes = project.changes_between(args.compare, label)
    return compare(project.state(args.compare), project.state(label), changes)


def _not_written(out: Path, beside: Path) -> StorageError:
    beside.unlink(missing_ok=True)
    words = Text("无法写入 {path}。", "{path} cannot be written.")
    return StorageError(words.format(path=out), code="render.storage")


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
