"""A layer of a project: a kind, its table, and how it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from layers.condition import Condition
from layers.feature import Feature
from layers.kind import Kind
from layers.schema import Field
from layers.style import Style
from layers.table import Table
from layers.text import Text


@dataclass(frozen=True)
class Layer:
    """Features of one kind, as the project held them at one moment.

    Parameters
    ----------
    id : str
        Stable ASCII identifier and table name in the project file.
    kind : Kind
    table : Table
    title : Text
        What people read; the kind's title unless renamed.
    style : Style
        The kind's style unless changed.
    visible : bool
    opacity : float
        0 to 1.
    filter : Condition, optional
        Only features that meet it are drawn and can be pointed at; the others stay in the plan.
    scales : tuple of int
        Drawn between 1:first and 1:second, both included; 0 is no bound.
    heading : Text, optional
        The user's own group in place of the kind's.
    """

    id: str
    kind: Kind
    table: Table
    title: Text
    style: Style
    visible: bool = True
    opacity: float = 1.0
    filter: Condition | None = None
    scales: tuple[int, int] = (0, 0)
    heading: Text | None = None

    @classmethod
    def of(cls, kind: Kind, table: Table | None = None) -> Layer:
        """Return the standard layer of a kind."""
        empty = Table.empty(f.name for f in kind.fields)
        return cls(kind.name, kind, empty if table is None else table, kind.title, kind.style)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the kind, in form order."""
        return self.kind.fields

    @property
    def group(self) -> Text:
        """The heading it stands under in the layer panel."""
        return self.kind.group if self.heading is None else self.heading

    def seen_at(self, denominator: float) -> bool:
        """Tell whether a map of 1:`denominator` shows it, as far as its range of scales goes."""
        nearest, farthest = self.scales
        return denominator >= nearest * 0.999 and not (farthest and denominator > farthest * 1.001)

    def with_table(self, table: Table) -> Layer:
        """Return this layer with other features."""
        return replace(self, table=table)

    def name_of(self, feature: Feature) -> Text:
        """Say what one feature is called in a list.

        The kind's template with the words of the fields; the layer's title if
        all of them are empty. A bare number is said as the kind says it: 3号楼.
        """
        words = {f.name: self._said(f, feature) for f in self.fields}
        used = {name: word for name, word in words.items() if "{" + name + "}" in self.kind.name_template}
        if not any(word.zh for word in used.values()):
            return self.title
        template = self.kind.name_template
        zh, en = template, template
        for name, word in used.items():
            zh, en = zh.replace("{" + name + "}", word.zh), en.replace("{" + name + "}", word.en)
        return Text(" ".join(zh.split()), " ".join(en.split()))

    def _said(self, field: Field, feature: Feature) -> Text:
        """Return the words of a field as they stand in a name."""
        word = field.word(feature.attributes.get(field.name))
        pattern = self.kind.number_words if field.name == self.kind.number_field else None
        return pattern.format(n=word) if pattern is not None and word.zh.isdecimal() else word

    def noun_of(self, feature: Feature) -> Text:
        """Say what sort of thing a feature is, in the words of the legend: 停车位, 雨水管, 树木.

        A plan element is its own sort: it is called by its name.
        """
        if self.kind.role == "plan-element":
            return self.name_of(feature)
        rules = self.style.rules
        rule = next((r for r in rules if r.matches(feature.attributes)), rules[-1])
        sort = self.kind.field("type")
        if rule.everything and sort is not None and feature.attributes.get("type"):
            return sort.word(feature.attributes["type"])
        return rule.title
