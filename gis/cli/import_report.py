"""An import in words and as data: what came in, what changed, what is no longer there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gis.cli.findings import finding_lines, tally
from gis.cli.report import finding_data, one_line, pairs, table, text_data
from gis.i18n import tr
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.plan import ImportPlan
    from gis.exchange.source import Source
    from layers.changes import Change
    from layers.feature import Feature
    from layers.layer import Layer
    from layers.snapshot import Snapshot

_SHOWN: Final = 40
_LONGEST_CODE: Final = 40


def plan_data(snapshot: Snapshot, source: Source, plan: ImportPlan, dry_run: bool) -> dict[str, Any]:
    """Return an import as plain JSON values; `snapshot` is the plan before it."""
    layer = snapshot.layers[plan.layer]
    return {
        "file": str(source.path),
        "format": source.format,
        "source_layer": source.layer,
        "layer": plan.layer,
        "crs": source.crs,
        "encoding": source.encoding,
        "counts": plan.counts._asdict(),
        "mapping": dict(plan.mapping),
        "unmapped": list(plan.unmapped),
        "gone": [{"uid": uid, "name": text_data(_name(layer, layer.table.get(uid)))} for uid in plan.gone],
        "removed": plan.removes,
        "findings": [finding_data(f) for f in plan.findings],
        "dry_run": dry_run,
    }


def _system(name: str) -> str:
    """Return what a system is called: by code and official name, or in words if it has no code."""
    from gis.crs_names import crs_title
    from gis.crs_words import crs_words

    return crs_title(name) if len(name) <= _LONGEST_CODE else tr(crs_words(name))


def plan_lines(snapshot: Snapshot, source: Source, plan: ImportPlan, dry_run: bool) -> list[str]:
    """Return an import as lines that a person reads; `snapshot` is the plan before it."""
    counts = plan.counts
    head = (
        tr("试导入，未作更改：{file} → {layer}", "Dry run, nothing changed: {file} → {layer}")
        if dry_run
        else tr("已导入：{file} → {layer}", "Imported: {file} → {layer}")
    )
    mapped = tr("、", ", ").join(f"{one_line(a)} → {b}" for a, b in plan.mapping.items())
    evidence = tr(source.encoding_evidence)
    lines = [head.format(file=source.path.name, layer=plan.layer), ""]
    lines += pairs(
        (tr("格式", "Format"), f"{source.format} · {one_line(source.layer)}"),
        (
            tr("坐标系", "CRS"),
            _system(source.crs)
            if source.shaped
            else tr("无坐标，按编号合并", "no coordinates; joined by number"),
        ),
        (tr("文字编码", "Encoding"), f"{source.encoding} ({evidence})" if evidence else source.encoding),
        (tr("字段对应", "Fields"), mapped or tr("无", "none")),
        (tr("记录", "Records"), str(counts.read)),
        (tr("  新增", "  added"), _count(counts.added)),
        (tr("  更新", "  updated"), _count(counts.updated)),
        (tr("  未变", "  unchanged"), _count(counts.unchanged)),
        (tr("  未导入", "  set aside"), _count(counts.set_aside)),
        (tr("  其中已修复", "  of them repaired"), _count(counts.repaired)),
        (tr("图中多出", "Only in the plan"), _gone(plan)),
        (tr("记录编号", "Record numbers"), _numbered(source)),
    )
    lines += _comparison(snapshot.layers[plan.layer], plan)
    if plan.findings:
        lines += ["", tally(plan.findings), *finding_lines(plan.findings)]
    return lines


def _gone(plan: ImportPlan) -> str:
    if not plan.gone:
        return ""
    if plan.removes:
        return tr("{n}（已移除）", "{n} (removed)", n=len(plan.gone))
    return tr(
        "{n}（保留；移除请加 --remove-missing）",
        "{n} (kept; --remove-missing removes them)",
        n=len(plan.gone),
    )


def _numbered(source: Source) -> str:
    return tr("表格行号", "rows of the sheet") if source.by_rows else ""


def _comparison(layer: Layer, plan: ImportPlan) -> list[str]:
    """Return the table of what is new, changed or gone, if the import compares."""
    changed = [change for change in plan.changes if change.before is not None and change.after is not None]
    if not changed and not plan.gone:
        return []
    rows = [(tr("变更", "changed"), tr(_name(layer, c.before)), _differences(layer, c)) for c in changed]
    if plan.gone:
        added = [change.after for change in plan.changes if change.before is None]
        rows = [*((tr("新增", "added"), tr(_name(layer, f)), "") for f in added), *rows]
    shown = [(what, one_line(name, 30), one_line(how, 90)) for what, name, how in rows[:_SHOWN]]
    rest = len(rows) - len(shown)
    more = [tr("…… 还有 {n} 个", "… and {n} more", n=rest)] if rest else []
    gone = tr("、", ", ").join(tr(_name(layer, layer.table.get(uid))) for uid in plan.gone[:_SHOWN])
    names = [tr("图中多出：", "Only in the plan: ") + one_line(gone, 100)] if gone else []
    return ["", *table(shown), *more, *names]


def _differences(layer: Layer, change: Change) -> str:
    from gis.exchange.update import differences

    return tr("；", "; ").join(map(tr, differences(layer, change)))


def _name(layer: Layer, feature: Feature | None) -> Text:
    return layer.name_of(feature) if feature is not None else layer.title


def _count(number: int) -> str:
    return str(number) if number else ""
