"""Tables from the command line: masked to be given away, or whole for the office."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from gis.i18n import tr
from gis.project import Project

if TYPE_CHECKING:
    from gis.privacy import Masks


def internal_argument(parser: argparse.ArgumentParser) -> None:
    """Name the choice of a table that stays inside."""
    parser.add_argument(
        "--internal",
        action="store_true",
        help=tr(
            "表格留在单位内部：不遮蔽个人信息，表头注明“内部资料 不得张贴”；默认遮蔽",
            "the table stays inside: personal data is kept, and its head says so; masked by default",
        ),
    )


def masks_of(args: argparse.Namespace, project: Project) -> Masks | None:
    """Return what the table passes, or None if it stays inside."""
    from gis.roster import masks_for

    return masks_for(project.snapshot, project.path, internal=args.internal)


def masks_told(masks: Masks | None) -> tuple[str, str]:
    """Say how many places were masked, as a line of a report."""
    if masks is None:
        kept = tr("未遮蔽（内部资料，不得张贴）", "kept (internal, not for posting)")
        return tr("个人信息", "Personal data"), kept
    return tr("已遮蔽", "Masked"), tr("{n} 处", "{n} places", n=masks.places)
