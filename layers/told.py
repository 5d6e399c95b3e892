"""What was told, not planned: it stays, whichever alternative is in front and whatever is restored.

What residents and the office have reported is no plan. Neither is what was settled for giving the plan
away: an old roster, or a photo without its black boxes, would tell names again, and an old notice period
is over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from layers.asking import ASKING

if TYPE_CHECKING:
    from layers.kind import Kind

_SETTINGS: Final = ("publish.", "draw.", "photo.")


def holds_reports(kind: Kind) -> bool:
    """Tell whether a layer holds problem spots or comments: what was told and is no plan."""
    return kind.role in ASKING


def is_told(setting: str) -> bool:
    """Tell whether a setting is no plan but what was settled for giving the plan away.

    Examples
    --------
    >>> is_told("publish.names"), is_told("project.title")
    (True, False)
    """
    return setting.startswith(_SETTINGS)
