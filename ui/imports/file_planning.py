"""What an import of a data file would do, worked out in the background."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gis.crs_candidates import PLAIN, Candidate, Reading
from gis.edit.place import check_place
from gis.exchange.plan import ImportPlan, plan_import
from gis.exchange.source import Ground, Source
from gis.exchange.standing import Verdict, verdict_of
from gis.exchange.update import UpdateRow, chosen_changes, update_rows
from gis.progress import Progress
from layers.changes import Key
from layers.snapshot import Snapshot
from ui.imports.file_reading import Laid
from ui.imports.update_form import Ticked
from ui.imports.update_list import in_order
from ui.models.proposal import ready_proposal


@dataclass(frozen=True)
class Asked:
    """What was chosen in the form.

    Parameters
    ----------
    laid : Laid
    snapshot : Snapshot
    target : str
        Id of a layer.
    columns : mapping of str to str
        Column to field, over the automatic mapping.
    left_out : tuple of str
    match : str, optional
    crs : str, optional
    reading : Reading
    ground : Ground, optional
    dropped : frozenset of Key, optional
        What is not ticked; not given: what is gone.
    """

    laid: Laid
    snapshot: Snapshot
    target: str
    columns: Mapping[str, str]
    left_out: tuple[str, ...]
    match: str | None
    crs: str | None
    reading: Reading = PLAIN
    ground: Ground | None = None
    dropped: frozenset[Key] | None = None


@dataclass(frozen=True)
class Worked:
    """What would come in.

    Parameters
    ----------
    source : Source
    plan : ImportPlan
    rows : tuple of UpdateRow
    snapshot : Snapshot
    dropped : frozenset of Key
        What is not ticked at first.
    ticked : Ticked
    verdict : Verdict, optional
    """

    source: Source
    plan: ImportPlan
    rows: tuple[UpdateRow, ...]
    snapshot: Snapshot
    dropped: frozenset[Key]
    ticked: Ticked
    verdict: Verdict | None


def work_out(asked: Asked, progress: Progress) -> Worked:
    """Return what the import would do.

    Raises
    ------
    PlanboardError
        If it cannot be done so, as `plan_import` and `Unplaced.placed` say.
    """
    laid, snapshot = asked.laid, asked.snapshot
    source = laid.unplaced.placed(asked.crs, None, asked.ground, asked.reading)
    plan = plan_import(
        snapshot, source, asked.target, asked.columns, progress, match=asked.match, left_out=asked.left_out
    )
    check_place(snapshot, plan.changes)  # what would be refused in the end is refused here
    compares = asked.match is not None or not source.shaped
    rows = in_order(update_rows(snapshot, plan)) if compares else ()
    gone = frozenset(row.key for row in rows if row.fate == "gone")
    off = gone if asked.dropped is None else asked.dropped
    verdict = None
    if source.shaped and asked.ground is None:
        named = laid.unplaced.declared == source.crs
        taken = Candidate(source.crs, asked.reading)
        verdict = verdict_of(laid.unplaced, taken, snapshot, laid.standings, named=named)
    return Worked(source, plan, rows, snapshot, off, ticked_of(plan, rows, snapshot, off), verdict)


def ticked_of(
    plan: ImportPlan, rows: Sequence[UpdateRow], snapshot: Snapshot, dropped: frozenset[Key]
) -> Ticked:
    """Return what is left of a plan without what is not ticked."""
    changes = chosen_changes(plan, snapshot, dropped) if rows else plan.changes
    return Ticked(changes, ready_proposal(changes))
