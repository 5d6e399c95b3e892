"""What stays out of a page, gathered on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gis.privacy import masked
from layers.errors import Finding
from layers.text import Text


@dataclass
class Removed:
    """What is left out of the page and why, gathered on the way.

    ``names`` finds the people of the project's private roster in free text.
    """

    findings: list[Finding] = field(default_factory=list)
    names: re.Pattern[str] | None = None
    _seen: set[tuple[object, ...]] = field(default_factory=set)

    def add(self, finding: Finding) -> None:
        """Note a finding once per place."""
        place = (finding.code, finding.layer, finding.uid, finding.field, finding.message)
        if place not in self._seen:
            self._seen.add(place)
            self.findings.append(finding)

    def text(
        self,
        words: str,
        where: Text,
        *,
        layer: str | None = None,
        uid: str | None = None,
        field: str | None = None,
    ) -> str:
        """Return free text as it may be published, noting what was masked in it."""
        hidden, kinds = masked(whole_text(words), self.names)
        if kinds:
            what = Text("、".join(k.zh for k in kinds), ", ".join(k.en for k in kinds))
            message = Text("{where}中的{what}已隐去。", "{where}: {what} masked.").format(
                where=where, what=what
            )
            self.add(Finding("publish.masked", message, "warning", field=field, layer=layer, uid=uid))
        return hidden

    def both(self, words: Text, where: Text) -> Text:
        """Return both halves of a text as they may be published."""
        return Text(self.text(words.zh, where), self.text(words.en, where))


def whole_text(text: str) -> str:
    """Return the text with halves of surrogate pairs replaced: they cannot be written."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _broken(text) else text


def _broken(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)
