"""A project in short: for ``info`` and ``sample``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gis.cli.report import finding_data, one_line, pairs, table, text_data
from gis.i18n import tr
from layers.kinds.spots import CLOSED
from layers.layer import Layer
from layers.revision import Revision
from layers.snapshot import Snapshot

if TYPE_CHECKING:
    from gis.project import Project


def summary_data(project: Project) -> dict[str, Any]:
    """Return what the project holds, as plain JSON values."""
    snapshot = project.snapshot
    return {
        "title": snapshot.title,
        "crs": snapshot.crs,
        "read_only": project.read_only,
        "extent": snapshot.extent(),
        "layers": [_layer_data(layer) for layer in snapshot.layers.values()],
        "revisions": [revision_data(r) for r in project.revisions],
        "open_problems": [_spot_data(layer, uid) for layer, uid in _open_spots(snapshot)],
        "findings": [finding_data(f) for f in project.findings],
    }


def summary_lines(project: Project) -> list[str]:
    """Return what the project holds, for a person."""
    from gis.crs_names import crs_title

    snapshot = project.snapshot
    extent = snapshot.extent()
    problems = _open_spots(snapshot)
    lines = [snapshot.title, ""]
    lines += pairs(
        (tr("坐标系", "CRS"), crs_title(snapshot.crs)),
        (tr("范围", "Extent"), _extent_words(extent)),
        (tr("版次", "Revisions"), ", ".join(r.label for r in project.revisions) or tr("尚无", "none yet")),
        (tr("待解决问题", "Open problems"), str(len(problems))),
    )
    lines += ["", *_layer_table(snapshot)]
    if problems:
        lines += ["", tr("待解决问题", "Open problems"), *_spot_table(problems)]
    return lines


def revision_data(revision: Revision) -> dict[str, Any]:
    """Return a revision as plain JSON values."""
    return {
        "label": revision.label,
        "title": revision.title,
        "note": revision.note,
        "author": revision.author,
        "created": revision.created,
        "parent": revision.parent,
        "merge_parent": revision.merge_parent,
        "branch": revision.branch,
        "digest": revision.digest,
    }


def _open_spots(snapshot: Snapshot) -> list[tuple[Layer, str]]:
    spots = []
    for layer in snapshot.with_role("drainage-spot", "traffic-spot"):
        statuses = layer.table.columns.get("status", ())
        spots += [
            (layer, uid)
            for uid, status in zip(layer.table.uids, statuses, strict=False)
            if status not in CLOSED
        ]
    return spots


def _spot_data(layer: Layer, uid: str) -> dict[str, Any]:
    feature = layer.table.get(uid)
    values = feature.attributes if feature else {}
    wanted = ("code", "title", "category", "severity", "status")
    return {"layer": layer.id, "uid": uid, **{name: values.get(name) for name in wanted}}


def _layer_data(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "title": text_data(layer.title),
        "role": layer.kind.role,
        "features": len(layer.table),
        "extent": layer.table.extent(),
        "visible": layer.visible,
    }


def _layer_table(snapshot: Snapshot) -> list[str]:
    rows = [
        (layer.id, one_line(tr(layer.title)), f"{len(layer.table):,}")
        for layer in reversed(list(snapshot.layers.values()))
    ]
    return table(rows, (tr("图层", "Layer"), tr("名称", "Title"), tr("对象", "Features")), right=(2,))


def _spot_table(spots: list[tuple[Layer, str]]) -> list[str]:
    rows = []
    for layer, uid in spots:
        feature = layer.table.get(uid)
        if feature is None:
            continue
        words = {f.name: tr(f.word(feature.attributes.get(f.name))) for f in layer.fields}
        rows.append(
            tuple(one_line(words.get(n, ""), 44) for n in ("code", "severity", "category", "status", "title"))
        )
    heads = (
        tr("编号", "Code"),
        tr("程度", "Sev."),
        tr("类别", "Category"),
        tr("状态", "Status"),
        tr("问题", "Problem"),
    )
    return table(sorted(rows), heads)


def _extent_words(extent: tuple[float, float, float, float] | None) -> str:
    if extent is None:
        return ""
    west, south, east, north = extent
    size = tr("{w:,.0f} × {h:,.0f} 米", "{w:,.0f} × {h:,.0f} m", w=east - west, h=north - south)
    return f"E {west:.1f} – {east:.1f}  N {south:.1f} – {north:.1f}  ({size})"
