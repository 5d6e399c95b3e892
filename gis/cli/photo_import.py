"""``import P *.jpg``: photos to the nearest problem spots, as new ones, or onto the waiting list."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gis.cli.console import Console
from gis.cli.findings import finding_lines, tally
from gis.cli.opening import opened
from gis.cli.report import Report, finding_data, one_line, pairs
from gis.i18n import tr
from layers.text import Text

if TYPE_CHECKING:
    from gis.exchange.import_records import ImportRecord
    from gis.exchange.photos import PhotoPlan

_SHOWN = 6
_WAYS = ("attached", "created", "waiting", "known", "twice", "refused")


def matching_files(paths: Sequence[Path]) -> list[Path]:
    """Return the files that names with ``*`` stand for; on Windows no shell does it."""
    found: list[Path] = []
    for path in paths:
        wild = any(sign in path.name for sign in "*?") and not path.exists()
        found += sorted(path.parent.glob(path.name)) if wild else [path]
    return found or list(paths)


def import_photos(args: argparse.Namespace, files: Sequence[Path], console: Console) -> Report:
    """Read, plan, store, and apply as one step."""
    from gis.crs_names import WGS84
    from gis.exchange.import_records import with_record
    from gis.exchange.photos import plan_photos, read_photos

    with opened(args.project, read_only=args.dry_run, console=console) as project:
        photos, findings = read_photos(files, console.progress())
        crs = args.crs or WGS84
        plan = plan_photos(project.snapshot, photos, args.layer, crs=crs, findings=findings)
        if not args.dry_run:
            project.add_photos([(photo.data, photo.name) for photo in plan.photos])
            if plan.changes:
                label = Text("导入 {n} 张照片", "Import {n} photos").format(n=len(plan.photos))
                project.apply(with_record(plan.changes, _record(plan, files, crs)), label)
    return Report(_data(plan, len(files), args.dry_run), _lines(plan, len(files), args.dry_run))


def _record(plan: PhotoPlan, files: Sequence[Path], crs: str) -> ImportRecord:
    """Return what the project keeps of the import."""
    from gis.exchange.import_records import record_of
    from gis.exchange.photos import photos_words

    layers = sorted({change.layer for change in plan.changes})
    counts = {"read": len(files), **{way: len(getattr(plan, way)) for way in _WAYS}}
    return record_of(Path(tr(photos_words(len(files)))), "EXIF", crs, layers, counts, plan.findings)


def _data(plan: PhotoPlan, read: int, dry_run: bool) -> dict[str, Any]:
    ways = {way: list(getattr(plan, way)) for way in _WAYS}
    return {
        "read": read,
        "counts": {way: len(names) for way, names in ways.items()},
        **ways,
        "findings": [finding_data(f) for f in plan.findings],
        "dry_run": dry_run,
    }


def _lines(plan: PhotoPlan, read: int, dry_run: bool) -> list[str]:
    head = (
        tr("试导入，未作更改：{n} 张照片", "Dry run, nothing changed: {n} photos", n=read)
        if dry_run
        else tr("已处理 {n} 张照片", "{n} photos handled", n=read)
    )
    lines = [head, ""]
    lines += pairs(
        (tr("附到已有问题点", "Attached to spots"), _names(plan.attached)),
        (tr("新建问题点", "New spots"), _names(plan.created)),
        (tr("等待放置", "Waiting to be placed"), _names(plan.waiting)),
        (tr("已在项目中", "In the project already"), _names(plan.known)),
        (tr("与另一张相同", "The same as another"), _names(plan.twice)),
        (tr("未导入", "Refused"), _names(plan.refused)),
    )
    if plan.findings:
        lines += ["", tally(plan.findings), *finding_lines(plan.findings)]
    return lines


def _names(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = tr("、", ", ").join(one_line(name, 40) for name in names[:_SHOWN])
    return f"{len(names)}  ({shown}{' …' if len(names) > _SHOWN else ''})"
