"""Which layer of a drawing goes where."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from gis.exchange.dxf.aims import Aim, LayerRule
from layers.errors import UsageError
from layers.schema import Value
from layers.text import Text

REFERENCE: Final = "reference"
"""Layer id that takes whatever belongs nowhere else."""

NOWHERE: Final = ""
"""Instead of a layer id: what is on that layer of the drawing stays outside."""

_BY_NAME: Final = Text("按图层名", "by the layer's name")
_BY_USER: Final = Text("用户指定", "as the user says")
_LEFT_OUT: Final = Text("用户指定不导入", "left out, as the user says")
_NO_RULE: Final = Text("没有对应规则，保留为参考底图", "no rule fits; kept as reference")


@dataclass(frozen=True)
class Target:
    """Where one layer of a drawing goes, and why.

    Parameters
    ----------
    aims : tuple of Aim
        Empty: reference.
    why : Text
    state : str or None
        Plan state that the name tells.
    left_out : bool
        Whether it stays outside.
    """

    aims: tuple[Aim, ...]
    why: Text
    state: str | None = None
    left_out: bool = False


@dataclass(frozen=True)
class DxfMapping:
    """A whole mapping: rules, and what the user said about single layers.

    Parameters
    ----------
    rules : tuple of LayerRule
    said : mapping of str to str
        Layer of the drawing to layer id, or to `NOWHERE`; goes before the rules.
    values : mapping of str to mapping
        What the user gives the features of a layer of the drawing: field name to value.
    everything : str or None
        Layer id that takes all that fits it, whatever the layer's name.
    """

    rules: tuple[LayerRule, ...]
    said: Mapping[str, str] = field(default_factory=dict)
    everything: str | None = None
    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)

    @classmethod
    def standard(cls) -> DxfMapping:
        """Return the mapping of CASS codes and common layer names."""
        from gis.exchange.dxf.presets import CASS, COMMON

        return cls((*CASS, *COMMON))

    @classmethod
    def onto(cls, layer_id: str) -> DxfMapping:
        """Return the mapping that brings everything that fits into one layer."""
        return cls((), {}, layer_id)

    @classmethod
    def from_text(cls, text: str) -> DxfMapping:
        """Return a mapping that `to_text` wrote.

        Raises
        ------
        UsageError
            If it is none.
        """
        try:
            data: dict[str, Any] = json.loads(text)
            rules = [
                LayerRule(
                    str(r["pattern"]), tuple(Aim(str(a["layer"]), dict(a["values"])) for a in r["aims"])
                )
                for r in data["rules"]
            ]
            for rule in rules:
                re.compile(rule.pattern)
            return cls(
                tuple(rules),
                {str(k): str(v) for k, v in data["said"].items()},
                data.get("everything"),
                {str(k): dict(v) for k, v in data.get("values", {}).items()},
            )
        except (ValueError, LookupError, TypeError, AttributeError, re.error):
            words = Text("图层对应方案文件无法读取。", "The layer mapping file cannot be read.")
            raise UsageError(words, code="import.mapping-file") from None

    def to_text(self) -> str:
        """Return the mapping as JSON, to be kept and used again."""
        rules = [
            {"pattern": r.pattern, "aims": [{"layer": a.layer, "values": dict(a.values)} for a in r.aims]}
            for r in self.rules
        ]
        values = {name: dict(given) for name, given in self.values.items()}
        data = {"rules": rules, "said": dict(self.said), "everything": self.everything, "values": values}
        return json.dumps(data, ensure_ascii=False, indent=1)

    def with_layer(self, name: str, layer_id: str, values: Mapping[str, Value] | None = None) -> DxfMapping:
        """Return the mapping with one layer of the drawing sent somewhere else."""
        given = {other: v for other, v in self.values.items() if other != name}
        if values:
            given[name] = values
        return replace(self, said={**self.said, name: layer_id}, values=given)

    def target(self, name: str) -> Target:
        """Return where a layer of a drawing goes.

        Examples
        --------
        >>> [a.layer for a in DxfMapping.standard().target("新建停车位").aims]
        ['parking']
        """
        plain = plain_layer(name)
        for said, layer_id in self.said.items():
            if plain_layer(said) == plain:
                return self._said(said, layer_id, plain)
        if self.everything:
            return Target((Aim(self.everything),), _BY_USER, _state(plain))
        aims = self._by_rule(plain)
        return Target(aims, _BY_NAME if aims else _NO_RULE, _state(plain) if aims else None)

    def _said(self, name: str, layer_id: str, plain: str) -> Target:
        if layer_id == NOWHERE:
            return Target((), _LEFT_OUT, left_out=True)
        if layer_id == REFERENCE:
            return Target((), _BY_USER)
        by_rule: Mapping[str, Value] = next(
            (a.values for a in self._by_rule(plain) if a.layer == layer_id), {}
        )
        return Target((Aim(layer_id, self.values.get(name, by_rule)),), _BY_USER, _state(plain))

    def _by_rule(self, plain: str) -> tuple[Aim, ...]:
        return next((r.aims for r in self.rules if _compiled(r.pattern).search(plain)), ())


def plain_layer(name: str) -> str:
    """Return a layer's name as rules see it: half width, upper case, without the name of an external file."""
    return unicodedata.normalize("NFKC", name).upper().rsplit("|", 1)[-1].rsplit("$0$", 1)[-1].strip()


def _state(plain: str) -> str | None:
    from gis.exchange.dxf.presets import STATES

    return next((state for pattern, state in STATES if _compiled(pattern).search(plain)), None)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
