"""Personal data in words that the public will read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gis.privacy import masked
from gis.rules.registry import found, rule
from layers.errors import Finding
from layers.feature import Feature
from layers.layer import Layer
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.private-words"
_FREE: Final = ("text", "long_text")


@rule(CODE, "可公开的文字含个人信息", "personal data in words for the public")
def private_words(snapshot: Snapshot) -> Iterator[Finding]:
    """Find phone, identity-card and room numbers, plates and addresses in the fields that a page may show.

    They would be masked there; the sentence around them is better written anew.
    """
    for layer in snapshot.layers.values():
        for field in layer.fields:
            if layer.kind.public and field.public and field.type in _FREE:
                for feature, what in _telling(layer, field):
                    yield _found(layer, feature, field, what)


def _telling(layer: Layer, field: Field) -> Iterator[tuple[Feature, Text]]:
    for i, value in enumerate(layer.table.columns[field.name]):
        kinds = masked(value)[1] if isinstance(value, str) and value else ()
        if kinds:
            what = Text("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds))
            yield layer.table.at(i), what


def _found(layer: Layer, feature: Feature, field: Field, what: Text) -> Finding:
    name = layer.name_of(feature)
    words = Text(
        "{name}：“{field}”含{what}，公开时会被隐去，请改写",
        "{name}: “{field}” holds a {what}; it will be masked, so write it anew",
    ).format(name=Text(masked(name.zh)[0], masked(name.en)[0]), field=field.title, what=what)
    return found(CODE, words, layer, feature, "warning", field.name)
