"""Collecting and running the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Final, Literal, TypeAlias

import shapely
from shapely import Geometry

import gis.rules
from gis.progress import Progress
from gis.rules.since import Since
from layers.errors import Finding
from layers.feature import Feature
from layers.layer import Layer
from layers.snapshot import Snapshot
from layers.text import Text

RuleFunction: TypeAlias = Callable[[Snapshot], Iterable[Finding]]
ChangeRuleFunction: TypeAlias = Callable[[Snapshot, Since], Iterable[Finding]]
_OTHERS: Final = frozenset({"registry", "since"})
_ORDER: Final = {"error": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Rule:
    """One rule: a stable code, what it looks for, and the function that looks.

    The function gets the plan, and what it changed since the state before if that is known.
    """

    code: str
    title: Text
    find: Callable[[Snapshot, Since | None], Iterable[Finding]]


_RULES: dict[str, Rule] = {}


def rule(code: str, zh: str, en: str) -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as a rule; its findings should carry the same code.

    Raises
    ------
    ValueError
        If the code is taken.
    """

    def registered(function: RuleFunction) -> RuleFunction:
        _add(Rule(code, Text(zh, en), lambda snapshot, _since: function(snapshot)))
        return function

    return registered


def change_rule(code: str, zh: str, en: str) -> Callable[[ChangeRuleFunction], ChangeRuleFunction]:
    """Register a function that looks at what a plan changed; silent where there is nothing to compare with.

    Raises
    ------
    ValueError
        If the code is taken.
    """

    def registered(function: ChangeRuleFunction) -> ChangeRuleFunction:
        _add(Rule(code, Text(zh, en), lambda snapshot, since: function(snapshot, since) if since else ()))
        return function

    return registered


def _add(new: Rule) -> None:
    if new.code in _RULES:
        raise ValueError(f"rule {new.code!r} is registered twice")
    _RULES[new.code] = new


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule in this folder, by code."""
    for module in iter_modules(gis.rules.__path__):
        if module.name not in _OTHERS:
            import_module(f"{gis.rules.__name__}.{module.name}")
    return tuple(rule for _, rule in sorted(_RULES.items()))


def check(
    snapshot: Snapshot, progress: Progress | None = None, since: Since | None = None
) -> tuple[Finding, ...]:
    """Run all rules over a state of the plan; the gravest findings come first.

    Parameters
    ----------
    snapshot : Snapshot
    progress : Progress, optional
    since : Since, optional
        What it changed; without it the rules about changes say nothing.

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
        findings += one.find(snapshot, since)
    return tuple(sorted(findings, key=lambda f: (_ORDER[f.severity], f.code, f.layer or "")))


def found(
    code: str,
    words: Text,
    layer: Layer,
    feature: Feature,
    severity: Literal["error", "warning", "info"] = "warning",
    field: str | None = None,
    at: Geometry | None = None,
) -> Finding:
    """Return a finding about one feature.

    Parameters
    ----------
    words : Text
        May hold ``{name}`` for what the feature is called.
    at : Geometry, optional
        Where to look, if that is not the whole feature: the end of the road, the ground that two share.
    """
    named = words.format(name=layer.name_of(feature)) if "{name}" in words.zh + words.en else words
    place = None
    if at is not None and not at.is_empty:
        point = shapely.point_on_surface(at)
        place = (round(point.x, 3), round(point.y, 3))
    return Finding(code, named, severity, field=field, layer=layer.id, uid=feature.uid, place=place)


def is_standing(feature: Feature) -> bool:
    """Tell whether a feature is there once the plan is carried out: not demolished, not only reserved."""
    return feature.attributes.get("state") not in ("demolish", "reserved")
