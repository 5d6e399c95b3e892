"""Findings as lines that a person reads: the gravest first, equal ones on one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from gis.cli.report import one_line
from gis.i18n import tr
from layers.errors import Finding

_SHOWN: Final = 12
_RECORDS: Final = 6
_MARKS: Final = {"error": ("错误", "error"), "warning": ("注意", "warning"), "info": ("说明", "note")}


def finding_lines(findings: Sequence[Finding], limit: int = _SHOWN) -> list[str]:
    """Return at most `limit` lines of each code, and say how many more there are."""
    lines: list[str] = []
    for severity in _MARKS:
        by_code: dict[str, dict[tuple[object, ...], list[Finding]]] = {}
        for finding in findings:
            if finding.severity == severity:
                groups = by_code.setdefault(finding.code, {})
                groups.setdefault((finding.field, finding.message), []).append(finding)
        for groups in by_code.values():
            shown = list(groups.values())
            lines += [_line(equal) for equal in shown[:limit]]
            if rest := sum(map(len, shown[limit:])):
                lines.append("      " + tr("…… 同类还有 {n} 处", "… and {n} more of the same kind", n=rest))
    return lines


def tally(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity, in words."""
    counts = {s: sum(f.severity == s for f in findings) for s in _MARKS}
    words = {
        "error": tr("{n} 个错误", "errors: {n}", n=counts["error"]),
        "warning": tr("{n} 处需注意", "warnings: {n}", n=counts["warning"]),
        "info": tr("{n} 条说明", "notes: {n}", n=counts["info"]),
    }
    return tr("、", ", ").join(words[s] for s in _MARKS if counts[s])


def _line(equal: Sequence[Finding]) -> str:
    first = equal[0]
    field = _field(first.field) if first.uid is None else ""  # what is said of an object names its field
    places = [p for p in (_records(equal), field) if p]
    where = f"{tr('，', ', ').join(places)}{tr('：', ': ')}" if places else ""
    return f"  [{tr(*_MARKS[first.severity])}] {where}{one_line(tr(first.message), 160)}"


def _records(equal: Sequence[Finding]) -> str:
    records = [f.record for f in equal if f.record is not None]
    if not records:
        return ""
    shown = ", ".join(one_line(str(r), 40) for r in records[:_RECORDS])
    if len(records) > _RECORDS:
        return tr("第 {r} … 条（共 {n} 条）", "records {r} … ({n} in all)", r=shown, n=len(records))
    if all(isinstance(r, int) for r in records):
        return tr("第 {r} 条", "record {r}", r=shown)
    return shown


def _field(name: str | None) -> str:
    return tr("字段 {f}", "field {f}", f=one_line(name, 40)) if name else ""
