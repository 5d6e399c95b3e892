"""``publish P``: a revision as one page, every revision as a folder, or only what would be public."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import check_out, must_exist, opened, revision_argument, shown_state, theme_argument
from gis.cli.report import Report, finding_data, one_line, pairs, table, text_data
from gis.i18n import tr
from layers.errors import UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.project import Project
    from gis.publish.background import Picture
    from gis.publish.publication import PublishResult
    from gis.publish.review import FieldReview, LayerReview, Review

DESCRIPTION = Text(
    "把版次发布为一个离线网页：一个 HTML 文件，打开时不访问网络。私人信息不会写入。",
    "Publish a revision as one offline page: a single HTML file that makes no request. "
    "Nothing private is written into it.",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name the arguments."""
    parser.add_argument(
        "project",
        type=Path,
        nargs="+",
        metavar=tr("项目.gpkg", "PROJECT.gpkg"),
        help=tr("项目文件；--site 可给多个", "project file; several with --site"),
    )
    revision_argument(parser)
    parser.add_argument(
        "--compare",
        metavar="R0",
        help=tr(
            "与哪个版次比较，默认上一版；--site 时用于其后的各版",
            "which revision to compare with, default the one before; with --site for all that came after it",
        ),
    )
    parser.add_argument(
        "--profile",
        default="public",
        metavar=tr("对象", "WHO"),
        help=tr("发布对象：public、brochure、internal", "for whom: public, brochure, internal"),
    )
    theme_argument(parser)
    parser.add_argument(
        "--background",
        type=Path,
        metavar=tr("图片", "IMAGE"),
        help=tr(
            "背景图：GeoTIFF，或带坐标文件的 PNG、JPEG",
            "a picture below the plan: GeoTIFF, or PNG or JPEG with a world file",
        ),
    )
    parser.add_argument(
        "--attribution",
        default="",
        metavar=tr("来源", "TEXT"),
        help=tr("背景图的来源", "whose picture it is"),
    )
    _way_arguments(parser)


def _way_arguments(parser: argparse.ArgumentParser) -> None:
    """Name the three things that can come of it."""
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument(
        "-o", "--out", type=Path, metavar=tr("文件", "FILE"), help=tr("网页文件 .html", "the page, .html")
    )
    way.add_argument(
        "--site",
        type=Path,
        metavar=tr("文件夹", "FOLDER"),
        help=tr("全部版次和目录页写入一个文件夹", "every revision and an index into a folder"),
    )
    way.add_argument(
        "--review",
        action="store_true",
        help=tr(
            "只列出将公开和隐去的内容，不写文件", "only say what would be public and what not; write nothing"
        ),
    )


def run(args: argparse.Namespace, console: Console) -> Report:
    """Publish it."""
    if args.site is not None:
        return _site(args, console)
    if len(args.project) > 1:
        words = Text("只有 --site 可以给多个项目。", "Only --site takes several projects.")
        raise UsageError(words, code="usage.projects")
    project = args.project[0]
    return _review(project, args, console) if args.review else _page(project, args, console)


def _page(path: Path, args: argparse.Namespace, console: Console) -> Report:
    check_out(args.out, path, (".html", ".htm"))
    with opened(path, console=console) as project:
        from gis.publish.publication import publish

        state = shown_state(project, args.revision)
        result = publish(
            project,
            args.out,
            revision=state,
            compare=_against(project, args),
            profile=args.profile,
            theme=args.theme,
            picture=_picture(args),
            progress=console.progress(),
        )
        over = _period_over(project, state)
    from gis.revisions.posting_table import compared_told as told  # late: publishing is loaded by then

    lines = pairs(
        (tr("已发布", "Published"), str(result.path)),
        (tr("版次", "Revision"), tr(told(state))),
        (tr("对比", "Compared with"), tr(told(result.compared_with))),
        (tr("大小", "Size"), f"{result.bytes / 1024:,.0f} KB"),
        (tr("内容", "Content"), _counts(result.counts)),
        ("SHA-256", result.sha256),
    )
    if result.removed:
        lines += [
            "",
            tr("未公开的内容：", "Left out: ") + tally(result.removed),
            *finding_lines(result.removed),
        ]
    if over is not None:
        lines += ["", tr(over)]
    return Report(_page_data(result, state), lines)


def _against(project: Project, args: argparse.Namespace) -> str | None:
    return None if args.compare is None else shown_state(project, args.compare)


def _period_over(project: Project, state: str) -> Text | None:
    """Return what is wrong with the notice period of the newest state, None if nothing is."""
    from datetime import date

    from gis.notice_period import NoticePeriod
    from gis.revisions.chapters import ends_a_line

    made = next((r.created for r in project.revisions if r.label == state), "")
    trouble = NoticePeriod.of(project.snapshot.settings).trouble(date.today(), state if made else "", made)
    return trouble.words if trouble is not None and ends_a_line(project, state) else None


_COUNTED: Final = {
    "features": Text("对象 {n}", "{n} features"),
    "layers": Text("图层 {n}", "{n} layers"),
    "revisions": Text("版次 {n}", "{n} revisions"),
    "changes": Text("编号改动 {n}", "{n} numbered changes"),
}


def _counts(counts: Mapping[str, int]) -> str:
    return tr("，", ", ").join(tr(_COUNTED[name], n=n) for name, n in counts.items() if name in _COUNTED)


def _page_data(result: PublishResult, revision: str) -> dict[str, Any]:
    return {
        "path": str(result.path),
        "revision": revision,
        "compare": result.compared_with,
        "sha256": result.sha256,
        "bytes": result.bytes,
        "counts": dict(result.counts),
        "removed": [finding_data(f) for f in result.removed],
    }


def _picture(args: argparse.Namespace) -> Picture | None:
    from gis.publish.background import Picture

    return Picture(args.background, args.attribution) if args.background else None


def _site(args: argparse.Namespace, console: Console) -> Report:
    if args.revision:
        words = Text(
            "--site 发布全部版次，不能与 --revision 同用。",
            "--site publishes every revision; it does not go with --revision.",
        )
        raise UsageError(words, code="usage.site")
    for path in args.project:
        must_exist(path)
    data: dict[str, Any] = {"index": "", "written": [], "estates": []}
    rows: list[Sequence[str]] = []
    for path in args.project:
        with opened(path, console=console) as project:
            from gis.publish.site import publish_site

            result = publish_site(
                project,
                args.site,
                compare=_against(project, args),
                profile=args.profile,
                theme=args.theme,
                picture=_picture(args),
                progress=console.progress(),
            )
        data["written"] += result.written
        data["index"] = str(result.index)
        data["estates"] = [
            {"title": e.title, "revisions": [[r.label, r.date, r.file_name, r.sha256] for r in e.revisions]}
            for e in result.estates
        ]
        from gis.revisions.posting_table import compared_told as told  # late: publishing is loaded by then

        for page in result.pages:
            new = page.path.name in result.written
            rows.append(
                (
                    page.path.name,
                    f"{page.bytes / 1024:,.0f} KB",
                    tr(told(page.compared_with)),
                    tr("已写入", "written") if new else tr("未变", "as it was"),
                )
            )
    lines = [
        *pairs((tr("已发布", "Published"), data["index"])),
        "",
        *table(rows, (tr("文件", "File"), tr("大小", "Size"), tr("对比", "Compared with"), ""), right=(1,)),
    ]
    return Report(data, lines)


def _review(path: Path, args: argparse.Namespace, console: Console) -> Report:
    with opened(path, read_only=True, console=console) as project:
        from gis.publish.publication import preview

        review = preview(
            project,
            revision=shown_state(project, args.revision),
            compare=_against(project, args),
            profile=args.profile,
            theme=args.theme,
            picture=_picture(args),
            progress=console.progress(),
        )
    from gis.publish.comment_text import number_in_words  # late: publishing is loaded by then

    lines = [f"{tr('发布对象', 'For')}: {tr(review.profile.title)}", "", tr("将公开：", "Will be public:")]
    for layer in review.layers:
        if layer.public:
            lines += ["", f"  {tr(layer.title)} ({layer.count})", *_field_lines(layer)]
    lines += ["", tr("变更和原因：", "Changes and reasons:")]
    lines += table(
        [(f"  {tr(number_in_words(label))}", one_line(words, 90)) for label, words in review.changes]
    )
    lines += ["", tr("其他文字：", "Other words:")]
    lines += table([(f"  {tr(title)}", one_line(words, 90)) for title, words in review.texts])
    if review.removed:
        lines += ["", tr("不公开或已隐去：", "Left out or masked: ") + tally(review.removed)]
        lines += finding_lines(review.removed)
    return Report(_review_data(review), lines)


def _field_lines(layer: LayerReview) -> list[str]:
    rows = [
        (
            f"    {tr(f.title)}",
            str(f.filled),
            one_line(tr("、", ", ").join(tr(s) for s in f.samples), 60),
            _masked(f),
        )
        for f in layer.fields
        if f.public
    ]
    if layer.photos:
        rows.append((f"    {tr('照片', 'Photos')}", str(layer.photos), "", ""))
    return table(rows, right=(1,))


def _masked(field: FieldReview) -> str:
    return tr("隐去 {n} 处", "{n} masked", n=field.masked) if field.masked else ""


def _review_data(review: Review) -> dict[str, Any]:
    return {
        "profile": review.profile.name,
        "layers": [
            {
                "id": layer.id,
                "title": text_data(layer.title),
                "public": layer.public,
                "count": layer.count,
                "photos": layer.photos,
                "fields": [
                    {
                        "name": f.name,
                        "title": text_data(f.title),
                        "public": f.public,
                        "filled": f.filled,
                        "masked": f.masked,
                        "samples": [text_data(s) for s in f.samples],
                    }
                    for f in layer.fields
                ],
            }
            for layer in review.layers
        ],
        "changes": [{"label": label, "words": words} for label, words in review.changes],
        "texts": [{"title": text_data(title), "words": words} for title, words in review.texts],
        "removed": [finding_data(f) for f in review.removed],
    }
