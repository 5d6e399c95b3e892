"""Every change must say why: residents will ask."""

from __future__ import annotations

from collections.abc import Iterator

from gis.rules.registry import change_rule
from gis.rules.since import ChangedGroup, Since
from layers.changes import Key
from layers.errors import Finding
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.change-unexplained"


@change_rule(CODE, "修改没有注明理由", "a change without a reason")
def unexplained_changes(snapshot: Snapshot, since: Since) -> Iterator[Finding]:
    """Find numbered changes of which nothing names a problem spot, a comment or a reason in words.

    A change beside one with a reason belongs to its number: the lawn that
    gives way to a bay needs no reason of its own.
    """
    for group in since.groups:
        if not group.reasoned:
            words = Text(
                "{label} {title}：没有注明理由（与 {before} 相比）",
                "{label} {title}: no reason given (compared with {before})",
            ).format(label=group.label, title=group.title, before=since.label)
            layer, uid = _shown_key(snapshot, group)
            tidy = Text(words.zh.strip(), words.en.strip())
            yield Finding(CODE, tidy, "warning", field="reason", layer=layer, uid=uid)


def _shown_key(snapshot: Snapshot, group: ChangedGroup) -> Key:
    """Return a feature of the group that is still there to look at, or else one that is gone."""
    there = (key for key in group.keys if snapshot.feature(key) is not None)
    return next(there, group.keys[0])
