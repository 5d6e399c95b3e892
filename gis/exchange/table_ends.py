"""How the files of spreadsheets are called."""

from __future__ import annotations

from typing import Final

WORKBOOKS: Final = (".xlsx", ".xls", ".xlsm", ".et", ".ett", ".ods", ".fods")
"""Excel, WPS and LibreOffice."""

TEXTS: Final = (".csv", ".tsv")


def patterns(*ends: str) -> str:
    """Return endings as file dialogs want them.

    Examples
    --------
    >>> patterns(".csv", ".tsv")
    '*.csv *.tsv'
    """
    return " ".join(f"*{end}" for end in ends)
