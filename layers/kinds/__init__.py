"""The layer kinds of an estate renovation, one file each.

A file declares fields, role and looks, and registers itself. Nothing outside
this folder compares a kind by name. `standard_kinds` imports them all.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from layers.kind import Kind, registered


@cache
def standard_kinds() -> dict[str, Kind]:
    """Return every kind in this folder by name, from bottom to top."""
    for module in iter_modules(__path__):
        if not module.name.startswith("_"):
            import_module(f"{__name__}.{module.name}")
    return dict(sorted(registered().items(), key=lambda item: item[1].order))
