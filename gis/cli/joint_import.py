"""``import P FILE ...`` without ``--layer``: every layer of the files goes home by its name."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.import_report import plan_data
from gis.cli.opening import opened
from gis.cli.report import Report, finding_data, one_line, table, text_data
from gis.i18n import tr
from layers.errors import NotFoundError, UsageError
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.joint_plan import JointPlan, Share
    from gis.exchange.parts import Part
    from layers.snapshot import Snapshot

_UNSUITED: Final = ("map", "crs", "encoding", "control_points", "swap_axes", "units")
_HEADS: Final = (
    Text("文件中", "In the file"),
    Text("图层", "Layer"),
    Text("新增", "Added"),
    Text("更新", "Updated"),
    Text("未变", "Unchanged"),
    Text("图中多出", "Only in the plan"),
    Text("未导入", "Set aside"),
)
_LEFT_OUT: Final = Text(
    "没有导入（空，或不知道是哪个图层；可用 --source-layer 和 --layer）：{n}",
    "Left out (empty, or of no known layer; use --source-layer and --layer): {n}",
)


def import_together(args: argparse.Namespace, files: Sequence[Path], console: Console) -> Report:
    """Read, plan, and apply as one step; with one layer or several."""
    from gis.exchange.import_records import record_of, with_record
    from gis.exchange.joint_plan import plan_together
    from gis.exchange.matching import SHAPE, UID
    from gis.exchange.parts import data_files, list_parts, read_parts

    _refuse_options(args, (UID, SHAPE))
    progress = console.progress()
    with opened(args.project, read_only=args.dry_run, console=console) as project:
        before = project.snapshot
        parts = list_parts(data_files(files), progress.part(0, 0.2))
        targets = _targets(before, parts, args)
        read = read_parts(list(targets), progress.part(0.2, 0.6))
        plan = plan_together(before, read, targets, args.match, progress.part(0.6, 0.9))
        changes = plan.chosen(frozenset() if args.remove_missing else plan.gone)
        if changes and not args.dry_run:
            words = Text("导入 {file}", "Import {file}").format(file=files[0].name)
            sources = [source for _, source, _ in plan.ready]
            record = record_of(
                files[0],
                ", ".join(dict.fromkeys(source.format for source in sources)),
                ", ".join(dict.fromkeys(source.crs for source in sources if source.crs)),
                list(dict.fromkeys(share.target for share, _, _ in plan.ready)),
                plan.counts,
                plan.findings,
            )
            project.apply(with_record(changes, record), words)
    left = [part for part in parts if part not in targets]
    return Report(_data(plan, files, left, args), _lines(plan, files, left, args))


def _refuse_options(args: argparse.Namespace, ways: Sequence[str]) -> None:
    """Refuse what is meant for one layer: it would mean something else for each of several."""
    given = [name for name in _UNSUITED if getattr(args, name, None)]
    if given or args.match not in (None, *ways):
        name = given[0] if given else "match"
        words = Text("--{n} 只用于导入一个图层。", "--{n} is for the import of one layer.")
        advice = Text("请用 --layer 指定导入到哪个图层。", "Name the layer that takes it with --layer.")
        raise UsageError(words.format(n=name.replace("_", "-")), advice, code="usage.layer")
    if args.remove_missing and args.match is None:
        words = Text("未指定对应方式，不能移除缺少的对象。", "Nothing can be removed without a way to match.")
        raise UsageError(words, Text("请用 --match。", "Use --match."), code="import.match")


def _targets(snapshot: Snapshot, parts: Sequence[Part], args: argparse.Namespace) -> dict[Part, str]:
    """Return which layers take which parts, by what they say they are; nothing is guessed here."""
    from gis.exchange.parts import recorded_layer

    wanted = [args.source_layer] if args.source_layer else None
    if wanted and not any(part.layer.name in wanted for part in parts):
        words = Text("文件中没有图层“{n}”。", "The files have no layer “{n}”.").format(n=args.source_layer)
        raise NotFoundError(words, _there(parts), code="import.layer-unknown")
    chosen = [part for part in parts if not part.is_empty and (wanted is None or part.layer.name in wanted)]
    found = {part: layer for part in chosen if (layer := recorded_layer(snapshot, part)) is not None}
    if not found:
        raise UsageError(
            Text("请用 --layer 指定导入到哪个图层。", "Name the layer that takes it with --layer."),
            _there(parts),
            code="usage.layer",
        )
    return found


def _there(parts: Sequence[Part]) -> Text:
    names = ", ".join(f"{part.layer.name} ({part.layer.features})" for part in parts[:40])
    return Text("文件中的图层：{names}", "Layers in the file: {names}").format(names=names or "–")


def _data(
    plan: JointPlan, files: Sequence[Path], left: Sequence[Part], args: argparse.Namespace
) -> dict[str, Any]:
    shares = []
    for share in plan.shares:
        if share.source is not None and share.plan is not None:
            told = plan_data(plan.snapshot, share.source, share.plan, args.dry_run)
            shares.append({**told, "removed": args.remove_missing})
        elif share.problem is not None:
            shares.append(
                {
                    "file": str(share.part.path),
                    "source_layer": share.part.layer.name,
                    "layer": share.target,
                    "error": {"code": share.problem.code, "message": text_data(share.problem.message)},
                }
            )
    return {
        "files": [str(path) for path in files],
        "layers": shares,
        "left_out": [
            {"file": str(p.path), "source_layer": p.layer.name, "records": p.layer.features} for p in left
        ],
        "counts": plan.counts,
        "findings": [finding_data(f) for f in plan.findings],
        "dry_run": args.dry_run,
    }


def _lines(
    plan: JointPlan, files: Sequence[Path], left: Sequence[Part], args: argparse.Namespace
) -> list[str]:
    names = tr("、", ", ").join(path.name for path in files)
    head = (
        tr("试导入，未作更改：{n}", "Dry run, nothing changed: {n}", n=names)
        if args.dry_run
        else tr("已导入：{n}", "Imported: {n}", n=names)
    )
    rows = [_row(share) for share in plan.shares]
    lines = [head, "", *table(rows, [tr(words) for words in _HEADS], right=(2, 3, 4, 5))]
    if plan.gone and not args.remove_missing:
        kept = tr(
            "图中多出的 {n} 个对象保留；移除请加 --match uid --remove-missing",
            "The {n} that only the plan has are kept; --match uid --remove-missing removes them",
            n=len(plan.gone),
        )
        lines += ["", kept]
    if left:
        others = tr("、", ", ").join(one_line(part.layer.name, 30) for part in left[:20])
        lines += ["", tr(_LEFT_OUT, n=others)]
    if plan.findings:
        lines += ["", tally(plan.findings), *finding_lines(plan.findings)]
    return lines


def _row(share: Share) -> tuple[str, ...]:
    name = one_line(share.part.layer.name, 40)
    if share.plan is None:
        why = tr(share.problem.message) if share.problem is not None else ""
        return name, share.target, "–", "–", "–", "–", one_line(why, 60)
    c = share.plan.counts
    numbers = (c.added, c.updated, c.unchanged, len(share.plan.gone))
    return (name, share.target, *map(str, numbers), str(c.set_aside or ""))
