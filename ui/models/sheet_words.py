"""How a sheet came out, in words: pages, what moved to further ones, masks, where the code leads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layers.text import Text

if TYPE_CHECKING:
    from gis.drawing.proof import Proof


def fit_words(proof: Proof) -> Text:
    """Say how the sheet came out: pages, what went to further ones, masks, where the code leads."""
    parts = []
    if len(proof.pages) > 1:
        moved = list(proof.missing)
        if proof.later:
            moved.insert(0, Text("{n} 处变更", "{n} changes").format(n=proof.later))
        words = Text("共 {n} 页；第一页放不下{w}，移到续页。", "{n} pages; no room on the first for {w}.")
        parts.append(words.format(n=len(proof.pages), w=_joined(moved)))
    else:
        parts.append(Text("一页放得下全部内容。", "Everything fits on one page."))
    parts += [finding.message for finding in proof.findings]
    if proof.address:
        parts.append(Text("二维码指向 {a}。", "The QR code leads to {a}.").format(a=proof.address))
    else:
        parts.append(Text("没有填网址，图上不放二维码。", "No address, so no QR code."))
    return Text("".join(p.zh for p in parts), " ".join(p.en for p in parts))


def _joined(words: list[Text]) -> Text:
    return Text("、".join(w.zh for w in words), ", ".join(w.en for w in words))
