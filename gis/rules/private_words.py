"""Personal data in words that the public will read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gis.privacy import masked
from gis.rules.registry import found, rule
from layers.errors import Finding
from layers.feature import Feature
from layers.layer import Layer
from layers.reason import WORDS, records_in
from layers.schema import Field
from layers.snapshot import Snapshot
from layers.text import Text

CODE = "rules.private-words"
_FREE: Final = ("text", "long_text")
_WORDS: Final = Text(
    "{name}：“{field}”含{what}，公开时会被隐去，请改写",
    "{name}: “{field}” holds a {what}; it will be masked, so write it anew",
)


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
    yield from _private_reasons(snapshot)


def _private_reasons(snapshot: Snapshot) -> Iterator[Finding]:
    """Find the same in reasons that the plan keeps beside its objects: of what is gone."""
    for (name, uid), reason in records_in(snapshot.settings):
        layer = snapshot.layers.get(name)
        field = layer.kind.field(WORDS) if layer is not None and layer.kind.public else None
        what = _told(reason.word_text)
        if layer is not None and field is not None and field.public and what is not None:
            words = _WORDS.format(name=layer.title, field=field.title, what=what)
            yield Finding(CODE, words, "warning", field=WORDS, layer=name, uid=uid)


def _telling(layer: Layer, field: Field) -> Iterator[tuple[Feature, Text]]:
    for i, value in enumerate(layer.table.columns[field.name]):
        what = _told(value) if isinstance(value, str) else None
        if what is not None:
            yield layer.table.at(i), what


def _told(value: str) -> Text | None:
    """Say what personal data a text holds, or None."""
    kinds = masked(value)[1] if value else ()
    return Text("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds)) if kinds else None


def _found(layer: Layer, feature: Feature, field: Field, what: Text) -> Finding:
    name = layer.name_of(feature)
    words = _WORDS.format(name=Text(masked(name.zh)[0], masked(name.en)[0]), field=field.title, what=what)
    return found(CODE, words, layer, feature, "warning", field.name)
