"""Collecting and running the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Literal, TypeAlias

import gis.rules
from gis.progress import Progress
from layers.errors import Finding
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

RuleFunction: TypeAlias = Callable[[Snapshot], Iterable[Finding]]
_OTHERS: Final = frozenset({"registry"})
_ORDER: Final = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Rule:
    """One rule: a stable code, what it looks for, and the function that looks."""

    code: str
    title: Text
    find: RuleFunction


_RULES: dict[str, Rule] = {}


def rule(code: str, zh: str, en: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as a rule; its findings should carry the same code.

    Raises
    ------
    ValueError
        If the code is taken.
    """

    def registered(function: RuleFunction) -> RuleFunction:
        if code in _RULES:
            raise ValueError(f"rule {code!r} is registered twice")
        _RULES[code] = Rule(code, Text(zh, en), function)
        return function

    return registered


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule in this folder, by code."""
    for module in iter_modules(gis.rules.__path__):
        if module.name not in _OTHERS:
            import_module(f"{gis.rules.__name__}.{module.name}")
    return tuple(rule for _, rule in sorted(_RULES.items()))


def check(snapshot: Snapshot, progress: Progress | None = None) -> tuple[Finding, ...]:
    """Run all rules over a state of the plan; the gravest findings come first.

    Raises
    ------
    CancelledError
        If the user cancelled.
    """
    progress = progress or Progress()
    findings: list[Finding] = []
    rules = all_rules()
    for i, one in enumerate(rules):
        progress.step(i / len(rules), one.title)
        findings += one.find(snapshot)
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.severity], f.code, f.layer or "")))


def found(
    code: str,
    words: Text,
    layer: Layer,
    feature: Feature,
    severity: Literal["error", "warning", "info"] = "warning",
    field: str | None = None,
) -> Finding:
    """Return a finding about one feature; `words` may hold ``{name}`` for what it is called."""
    named = words.format(name=layer.name_of(feature)) if "{name}" in words.zh + words.en else words
    return Finding(code, named, severity, field=field, layer=layer.id, uid=feature.uid)


def is_standing(feature: Feature) -> bool:
    """Tell whether a feature is there once the plan is carried out: not demolished, not only reserved."""
    return feature.attributes.get("state") not in ("demolish", "reserved")
