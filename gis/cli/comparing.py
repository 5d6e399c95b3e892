"""A comparison as JSON values and as lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from gis.cli.report import one_line, table, text_data
from gis.i18n import tr
from gis.measure import compass_words
from gis.revisions.comparison import KIND_WORDS, SIGNS, Comparison, FeatureChange, Quantity, Restyled
from gis.revisions.restyling import facets_told

_SHOWN: Final = 8


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """Return everything a comparison says, as plain JSON values."""
    return {
        "before": comparison.before,
        "after": comparison.after,
        "counts": _counts(comparison),
        "groups": [
            {
                "number": group.number,
                "label": group.label,
                "title": text_data(group.title),
                "sign": group.sign,
                "answers": list(group.answers),
                "reasons": [text_data(reason) for reason in group.reasons],
                "because": [text_data(reason) for reason in group.because],
                "anchor": [group.anchor.x, group.anchor.y],
                "features": [list(change.key) for change in group.changes],
            }
            for group in comparison.groups
        ],
        "changes": [_change_data(change, comparison) for change in comparison.changes],
        "spot_changes": [_change_data(change, comparison) for change in comparison.spot_changes],
        "restyled": [_restyled_data(one) for one in comparison.restyled],
        "quantities": [_quantity_data(q) for q in comparison.quantities],
    }


def _restyled_data(one: Restyled) -> dict[str, Any]:
    return {
        "layer": one.layer,
        "facets": [
            {"name": f.name, **{side: text_data(getattr(f, side)) for side in ("title", "before", "after")}}
            for f in one.facets
        ],
    }


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return it for a person: counts, numbered changes, spots, quantities."""
    counts = _counts(comparison)
    head = tr("{a} → {b}", "{a} → {b}", a=comparison.before, b=comparison.after)
    words = [f"{tr(KIND_WORDS[kind])} {counts[kind]}" for kind in KIND_WORDS if counts[kind]]
    lines = [f"{head}  {tr('，', ', ').join(words) or tr('没有差别', 'no difference')}"]
    for group in comparison.groups:
        codes = one_line(", ".join(group.answers))
        answers = tr("（回应 {codes}）", " (answers {codes})", codes=codes) if codes else ""
        lines += ["", f"{group.label}  {group.sign} {one_line(tr(group.title), 100)}{answers}"]
        lines += [f"      {tr('理由：', 'reason: ')}{one_line(tr(reason))}" for reason in group.because]
        lines += _change_lines(group.changes)
    loose = [c for c in comparison.changes if comparison.group_of(c.key) is None]
    lines += _section(tr("其他改动", "Other changes"), loose)
    lines += _section(tr("问题点", "Problem spots"), list(comparison.spot_changes))
    if comparison.restyled:
        lines += ["", tr("改了外观的图层", "Layers that look different")]
        lines += [
            f"      {one_line(tr(one.title), 30)}  {one_line(tr(facets_told(one)), 110)}"
            for one in comparison.restyled
        ]
    moved = [q for q in comparison.quantities if q.delta]
    if moved:
        heads = tr("数量", "Quantity"), comparison.before, comparison.after, tr("增减", "Change")
        lines += ["", *table([_quantity_row(q) for q in moved], heads, right=(1, 2, 3))]
    return lines


def _counts(comparison: Comparison) -> dict[str, int]:
    found = Counter(change.kind for change in comparison.changes)
    return {kind: found[kind] for kind in KIND_WORDS}


def _section(title: str, changes: list[FeatureChange]) -> list[str]:
    return ["", title, *_change_lines(changes)] if changes else []


def _change_lines(changes: Sequence[FeatureChange]) -> list[str]:
    """Return a line for each change; equal ones share a line with their number."""
    words = Counter(_change_words(change) for change in changes)
    shown = [f"      {word}" + (f"  × {n}" if n > 1 else "") for word, n in words.items()]
    if len(shown) > _SHOWN:
        rest = sum(list(words.values())[_SHOWN:])
        shown[_SHOWN:] = ["      " + tr("…… 另 {n} 处", "… {n} more", n=rest)]
    return shown


def _change_words(change: FeatureChange) -> str:
    facts = [tr(KIND_WORDS[change.kind])]
    if change.distance_m:
        facts.append(f"{change.distance_m:.2f} m {tr(compass_words(change.bearing_deg))}")
    facts += _size_words(change)
    if change.origins:
        names = tr("、", ", ").join(one_line(tr(name), 30) for name in change.origins)
        facts.append(
            tr("由 {names} 拆分", "split from {names}", names=names)
            if change.kind == "added"
            else tr("并入 {names}", "takes in {names}", names=names)
        )
    facts += [
        f"{tr(f.field.title)}: {one_line(tr(f.field.word(f.before)), 24) or '–'} → "
        f"{one_line(tr(f.field.word(f.after)), 24) or '–'}"
        for f in change.fields[:3]
    ]
    return f"{SIGNS[change.kind]} {one_line(tr(change.name), 40)}  {tr('，', ', ').join(facts)}"


def _size_words(change: FeatureChange) -> list[str]:
    """Say by how much a reshaped feature grew or shrank; centimetres and square decimetres are nothing."""
    if change.kind != "reshaped":
        return []
    sizes = ((change.area_change_m2, "m²"), (change.length_change_m, "m"))
    return [f"{size:+,.1f} {unit}" for size, unit in sizes if abs(size) >= 0.05][:1]


def _change_data(change: FeatureChange, comparison: Comparison) -> dict[str, Any]:
    group = comparison.group_of(change.key)
    return {
        "kind": change.kind,
        "layer": change.layer,
        "uid": change.uid,
        "name": text_data(change.name),
        "group": group.number if group else None,
        "distance_m": change.distance_m,
        "bearing_deg": change.bearing_deg,
        "area_change_m2": change.area_change_m2,
        "length_change_m": change.length_change_m,
        "made_from": list(change.made_from),
        "answers": list(change.reason.answers),
        "because": list(change.reason.words),
        "fields": [{"name": f.field.name, "before": f.before, "after": f.after} for f in change.fields],
    }


def _quantity_data(quantity: Quantity) -> dict[str, Any]:
    return {
        "code": quantity.code,
        "title": text_data(quantity.title),
        "unit": text_data(quantity.unit),
        "before": quantity.before,
        "after": quantity.after,
        "delta": round(quantity.after - quantity.before, 6),
    }


def _quantity_row(quantity: Quantity) -> tuple[str, str, str, str]:
    digits = quantity.decimals
    unit = tr(quantity.unit)
    title = f"{tr(quantity.title)} ({unit})" if unit else tr(quantity.title)
    return (
        title,
        f"{quantity.before:,.{digits}f}",
        f"{quantity.after:,.{digits}f}",
        f"{quantity.delta:+,.{digits}f}",
    )
