"""Going back to a revision: what of the plan comes back, and what was told since and stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from layers.changes import Change, ChangeSet
from layers.snapshot import Snapshot
from layers.text import Text
from layers.told import holds_reports, is_told


@dataclass(frozen=True)
class Restoration:
    """What restoring a revision would do to the working plan.

    Parameters
    ----------
    label : str
        Of the revision.
    changes : ChangeSet
        The step: what comes back.
    plan : mapping of str to int
        Changed features by layer id, reports not among them.
    gone : mapping of str to int
        By layer id: reports that came in since. Kept, unless reports are restored, too.
    altered : mapping of str to int
        By layer id: reports that read otherwise in the revision, or have been deleted since.
    """

    label: str
    changes: ChangeSet
    plan: Mapping[str, int]
    gone: Mapping[str, int]
    altered: Mapping[str, int]


def restoration(label: str, now: Snapshot, difference: ChangeSet, *, reports: bool = False) -> Restoration:
    """Return what restoring would do.

    What residents and the office have reported (`layers.told`) is no plan: it stays as it
    is now. So do the settings of publishing.

    Parameters
    ----------
    label : str
        Of the revision.
    now : Snapshot
        The working plan.
    difference : ChangeSet
        From the working plan to the revision, without the settings of the display.
    reports : bool
        Whether reports are to become what they were, too.
    """
    told = [change for change in difference if _is_report(change, now)]
    plan = [change for change in difference if not _is_report(change, now)]
    settings = {n: c for n, c in difference.settings.items() if not is_told(n)}
    step = ChangeSet.of([*plan, *told] if reports else plan, settings)
    return Restoration(
        label,
        step,
        Counter(change.layer for change in plan),
        Counter(change.layer for change in told if change.after is None),
        Counter(change.layer for change in told if change.after is not None),
    )


def counted(counts: Mapping[str, int], snapshot: Snapshot) -> Text | None:
    """Return numbers by layer in words: 建筑 3、停车位 12; None if there are none."""
    if not counts:
        return None
    parts = [
        Text("{layer} {n}", "{layer} {n}").format(layer=snapshot.layers[layer].title, n=n)
        for layer, n in counts.items()
    ]
    return Text("、".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _is_report(change: Change, now: Snapshot) -> bool:
    layer = now.layers.get(change.layer)
    return layer is not None and holds_reports(layer.kind)
