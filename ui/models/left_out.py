"""What a publication leaves out or masks, sorted by reason, each with where it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from layers.changes import Key
from layers.errors import Finding
from layers.snapshot import Snapshot
from layers.text import Text
from ui.models.words import feature_title


@dataclass(frozen=True)
class LeftOutRow:
    """One thing: what, what became of it, and where it is on the map (layer and id, either may be empty)."""

    what: Text
    became: str
    layer: str = ""
    uid: str = ""
    field: str = ""

    @property
    def key(self) -> Key | None:
        """The object, if it is one."""
        return (self.layer, self.uid) if self.layer and self.uid else None


@dataclass(frozen=True)
class LeftOutGroup:
    """All things left out for one reason."""

    title: Text
    why: Text
    rows: tuple[LeftOutRow, ...]


_REASONS: Final = (
    (
        ("publish.masked",),
        Text("个人信息已遮盖", "Personal data masked"),
        Text(
            "文字里有电话、证件号、房号、车牌或名单上的姓名；双击去改文字，或保持遮盖。",
            "A text holds a phone, card, room or plate number or a name of the roster. Double-click to "
            "mend it, or leave it masked.",
        ),
    ),
    (
        ("publish.photo", "publish.photo-unreadable", "publish.photo-budget"),
        Text("照片没有放入", "Photos left out"),
        Text("没有勾选公开、无法读取，或超出大小上限。", "Not ticked, not readable, or over the budget."),
    ),
    (
        ("publish.layer", "publish.override"),
        Text("不公开的图层", "Layers kept back"),
        Text("不在“公开范围”的清单里，或任何设置都不公开。", "Not on the allow-list, or never public."),
    ),
    (
        ("publish.field", "publish.legend"),
        Text("不公开的字段", "Fields kept back"),
        Text("不在“公开范围”的清单里。", "Not on the allow-list."),
    ),
)
_REST: Final = (
    Text("其他", "Other"),
    Text("过小的分组、不公开图层的数字、版次的作者。", "Small groups, numbers of private layers, authors."),
)


def left_out_groups(
    removed: Sequence[Finding], snapshot: Snapshot, masks: dict[str, str]
) -> tuple[LeftOutGroup, ...]:
    """Return what was left out by reason; empty reasons are not there.

    Parameters
    ----------
    removed : sequence of Finding
    snapshot : Snapshot
        The published state, for what things are called.
    masks : dict of str to str
        A text of the project to what is published of it.
    """
    groups, known = [], {code for codes, _, _ in _REASONS for code in codes}
    for codes, title, why in _REASONS:
        rows = tuple(_row(f, snapshot, masks) for f in removed if f.code in codes)
        groups.append(LeftOutGroup(title, why, rows))
    rest = tuple(_row(f, snapshot, masks) for f in removed if f.code not in known)
    groups.append(LeftOutGroup(*_REST, rest))
    return tuple(group for group in groups if group.rows)


def _row(finding: Finding, snapshot: Snapshot, masks: dict[str, str]) -> LeftOutRow:
    layer = snapshot.layers.get(finding.layer or "")
    feature = layer.table.get(finding.uid) if layer is not None and finding.uid else None
    if layer is None or feature is None:
        return LeftOutRow(finding.message, "", finding.layer or "", "", finding.field or "")
    field = next((f for f in layer.fields if f.name == finding.field), None)
    name = feature_title(layer, feature)
    if field is None:
        return LeftOutRow(name, "", layer.id, feature.uid)
    what = Text(f"{name.zh} · {field.title.zh}", f"{name.en} · {field.title.en}")
    text = feature.attributes.get(field.name)
    became = masks.get(text, "") if isinstance(text, str) else ""
    return LeftOutRow(what, became, layer.id, feature.uid, field.name)


def masks_of(removed: Sequence[Finding], snapshot: Snapshot, names: Sequence[str]) -> dict[str, str]:
    """Return the masked form of every text in which something was found."""
    from gis.privacy import masked, roster

    pattern = roster(tuple(names))
    found: dict[str, str] = {}
    for finding in removed:
        layer = snapshot.layers.get(finding.layer or "")
        feature = layer.table.get(finding.uid) if layer is not None and finding.uid else None
        text = feature.attributes.get(finding.field or "") if feature is not None else None
        if isinstance(text, str) and finding.code == "publish.masked":
            found[text] = masked(text, pattern)[0]
    return found
