"""Giving reasons to the changes of an open project: which ones can still be given, and since when.

A frozen revision never changes, its reasons included. So a reason is given while its change is in
the working plan: from the revision the plan was made from to what it is now. What is to be said
about a posted revision later is a reply to a comment, which the ledger shows beside the change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gis.edit.reasons import give_reasons
from gis.revisions.chapters import Plans, parent_of
from gis.revisions.comparison import Comparison
from layers.changes import ChangeSet, Key
from layers.errors import RefusedError
from layers.reason import NO_REASON, Reason, Rewording, reasons_given
from layers.revision import WORKING, Revision
from layers.snapshot import Snapshot
from layers.text import Text


def explained(plans: Plans, given: Mapping[Key, Reason | Rewording]) -> Callable[[Snapshot], ChangeSet]:
    """Return the edit that gives changes of the working plan their reasons.

    Parameters
    ----------
    given : mapping of (layer id, feature id) to Reason or Rewording
        The whole reason of each change, or what is another in it: then the reason it has when the edit
        is done counts, whatever was on screen when it was typed.

    Raises
    ------
    RefusedError
        If there is no revision yet that anything could have changed since. The edit itself refuses
        what `gis.edit.reasons.give_reasons` refuses.
    """
    since = check_begun(plans)

    def edit(snapshot: Snapshot) -> ChangeSet:
        changes = plans.changes_between(since.label, WORKING)
        now = reasons_given([changes])
        whole = {
            key: new.of(now.get(key, NO_REASON)) if isinstance(new, Rewording) else new
            for key, new in given.items()
        }
        return give_reasons(snapshot, changes, since.uuid, whole)

    return edit


def check_begun(plans: Plans) -> Revision:
    """Return the revision whose changes since can be explained, or raise `RefusedError` if there is none."""
    since = explained_since(plans)
    if since is None:
        raise RefusedError(
            Text(
                "还没有定稿的版次，也就没有变更可写理由。",
                "Nothing is frozen yet, so there is no change to give a reason for.",
            ),
            Text(
                "先把第一版定稿；之后的每处修改都可以写理由。",
                "Freeze the first revision; every change after it can have a reason.",
            ),
            code="reason.first",
        )
    return since


def explained_since(plans: Plans) -> Revision | None:
    """Return the revision that the plan being edited was made from; None if nothing is frozen."""
    label = parent_of(plans, WORKING)
    return next((r for r in plans.revisions if r.label == label), None)


def why_sealed(plans: Plans, comparison: Comparison) -> Text | None:
    """Say why no reason can be given in a comparison; None if one can."""
    since = explained_since(plans)
    if comparison.after in {branch.name for branch in plans.branches}:
        return Text(
            "先切换到“{l}”，再给它的变更写理由。", "Switch to “{l}” to give its changes their reasons."
        ).format(l=comparison.after)
    if comparison.after != WORKING:
        return Text(
            "{l} 已定稿封存，理由不能再改；要补充说明，请写在有关意见的答复里。",
            "{l} is frozen with its reasons; to explain it further, reply to the comment about it.",
        ).format(l=comparison.after)
    if since is not None and comparison.before != since.label:
        return Text(
            "理由属于自 {l} 以来的变更：请与 {l} 比较后填写。",
            "A reason belongs to what changed since {l}: compare with {l} to give one.",
        ).format(l=since.label)
    return None
