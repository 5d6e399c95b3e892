"""The language in force, and words in it."""

from __future__ import annotations

import locale
import os
from typing import overload

from layers.text import Language, Text

_current: list[Language] = ["zh"]


def language() -> Language:
    """Return the language in force."""
    return _current[0]


def set_language(chosen: Language) -> None:
    """Set the language for everything worded from now on."""
    _current[0] = chosen


def system_language() -> Language:
    """Guess from the environment; Chinese unless it clearly says another language."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    name = name or (locale.getlocale()[0] or "")
    return "zh" if not name or name.startswith(("zh", "Chinese", "C", "POSIX")) else "en"


@overload
def tr(words: Text, /, **values: object) -> str: ...
@overload
def tr(words: str, en: str, /, **values: object) -> str: ...
def tr(words: Text | str, en: str | None = None, /, **values: object) -> str:
    """Return a sentence in the language in force, its ``{fields}`` filled.

    Examples
    --------
    >>> tr("共 {n} 层", "{n} layers", n=3)
    '共 3 层'
    """
    text = words if isinstance(words, Text) else Text(words, en or "")
    return (text.format(**values) if values else text).in_language(language())
